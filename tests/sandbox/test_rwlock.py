import threading
import time

from grader.sandbox.rwlock import ReadWriteLock


def test_shared_holds_overlap():
    lock, meet = ReadWriteLock(), threading.Barrier(3, timeout=20)

    def work():
        with lock.shared():
            meet.wait()

    threads = [threading.Thread(target=work) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert not meet.broken


def test_a_turn_alone_overlaps_with_none():
    lock, inside, seen = ReadWriteLock(), [], []

    def work(number):
        for _ in range(30):
            if number % 3:
                with lock.shared():
                    inside.append("shared")
                    time.sleep(0.0005)
                    seen.append("alone" in inside)
                    inside.remove("shared")
            else:
                with lock.exclusive():
                    inside.append("alone")
                    time.sleep(0.0005)
                    seen.append(inside != ["alone"])
                    inside.remove("alone")

    threads = [threading.Thread(target=work, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert seen == [False] * 180
