# SPDX-License-Identifier: GPL-3.0-or-later
"""A TCP link between the window and an emulator that a test can watch and cut."""
import select
import socket
import threading


class Proxy:
    def __init__(self, case, address):
        host, port = address.removeprefix("tcp://").split(":")
        self.far = (host, int(port))
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.address = f"tcp://127.0.0.1:{self.listener.getsockname()[1]}"
        self.lock = threading.Lock()
        self.links = []
        self.is_cut = False
        self.n_asked = 0  # times that something came from the window
        self.stopping = threading.Event()
        self.thread = threading.Thread(target=self.serve, daemon=True)
        self.thread.start()
        case.addCleanup(self.stop)

    def stop(self):
        self.stopping.set()
        self.thread.join()
        self.cut()
        self.listener.close()

    def serve(self):
        while not self.stopping.is_set():
            with self.lock:
                peers = {a: b for near, far in self.links for a, b in ((near, far), (far, near))}
                near_ends = {near for near, _ in self.links}
            for ready in select.select([self.listener, *peers], [], [], 0.05)[0]:
                if ready is self.listener:
                    self.accept()
                else:
                    self.pass_on(ready, peers[ready], ready in near_ends)

    def accept(self):
        near, _ = self.listener.accept()
        with self.lock:
            if self.is_cut:
                near.close()
            else:
                self.links.append((near, socket.create_connection(self.far)))

    def pass_on(self, source, target, from_window):
        try:
            data = source.recv(65536)
            if data:
                target.sendall(data)
                self.n_asked += from_window
                return
        except OSError:
            pass
        with self.lock:
            for link in [link for link in self.links if source in link]:
                self.end(link)

    def end(self, link):
        self.links.remove(link)
        for end in link:
            end.close()

    def is_linked(self):
        with self.lock:
            return bool(self.links)

    def cut(self):
        with self.lock:
            self.is_cut = True
            for link in list(self.links):
                self.end(link)

    def mend(self):
        with self.lock:
            self.is_cut = False
