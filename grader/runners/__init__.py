"""What runs programs: this machine's workers, or a Dask cluster's."""
