# receiver.py DIRECTORY DESCRIPTOR: stands for a server that takes profiles.
#
# Says its port on the descriptor. The first request is refused; the path and the body of each
# other one become DIRECTORY/1, DIRECTORY/2, ...
import http.server
import json
import os
import sys

taken = 0


class Receiver(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        global taken
        body = self.rfile.read(int(self.headers["Content-Length"]))
        taken += 1
        if taken > 1:
            place = os.path.join(sys.argv[1], str(taken - 1))
            with open(place + ".part", "w") as file:
                json.dump({"path": self.path, "type": self.headers["Content-Type"], "body": json.loads(body)}, file)
            os.rename(place + ".part", place)
        self.send_response(200 if taken > 1 else 503)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"{}")

    def log_message(self, *args):
        pass


server = http.server.HTTPServer(("127.0.0.1", 0), Receiver)
with os.fdopen(int(sys.argv[2]), "w") as report:
    report.write(f"{server.server_address[1]}\n")
server.serve_forever()
