"""A carrier's server with a memory: it knows who subscribed to what, and fails as it is told to."""

import json
import threading
import time
from collections import Counter
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs

SILENCE = 0.6  # seconds, longer than the accounts of tests wait


class FakeCarrier:
    """`faults` are taken one a request: a status code, "silence" (done, but nobody hears of it), "page" or "no"."""

    def __init__(self):
        self.subscribed = Counter()
        self.requests = []
        self.faults = []
        self.routes = {}
        self.order_id = "9"
        self.lock = threading.Lock()
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.server.daemon_threads = True
        self.thread = threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        self.thread.start()

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server.server_port}"

    def close(self):
        self.server.shutdown()
        self.server.server_close()
        self.thread.join(5)

    def answer(self, path, body, headers):
        """What is said to a request, and with which status."""
        with self.lock:
            self.requests.append((path, body, headers))
            fault = self.faults.pop(0) if self.faults else None
            if isinstance(fault, int):
                return fault, b""
            reply = self._known(path, body, refuses=fault == "no")
        if fault == "silence":
            time.sleep(SILENCE)
        return 200, b"<html>502</html>" if fault == "page" else json.dumps(reply, ensure_ascii=False).encode()

    def _known(self, path, body, *, refuses):
        if path == "/std/service":
            return self._sf(body, refuses)
        if path == "/track/v2.4/register":
            return self._track17(json.loads(body)[0]["number"], refuses)
        if path.startswith("/tracking/"):
            return self._aftership(json.loads(body)["tracking_number"], refuses)
        if path == "/poll":
            return self._kuaidi100(json.loads(form(body)["param"])["number"], refuses)
        if path == "/order/borderapi.do":
            return {
                "result": True,
                "returnCode": "200",
                "message": "成功",
                "data": {"taskId": "T1", "orderId": self.order_id},
            }
        return {"message": "ok", "nu": "", "status": "200", "state": "0", "data": []}

    def _first(self, number):
        self.subscribed[number] += 1
        return self.subscribed[number] == 1

    def _kuaidi100(self, number, refuses):
        if refuses:
            return {"result": False, "returnCode": "701", "message": "拒绝订阅的快递公司"}
        code, words = ("200", "提交成功") if self._first(number) else ("501", "重复订阅")
        return {"result": code == "200", "returnCode": code, "message": words}

    def _track17(self, number, refuses):
        code = -18010012 if refuses else -18019901
        error = {"number": number, "error": {"code": code, "message": "no"}}
        known = refuses or not self._first(number)
        return {"code": 0, "data": {"accepted": [] if known else [{"number": number}], "rejected": [error] * known}}

    def _aftership(self, number, refuses):
        code = 4005 if refuses else 201 if self._first(number) else 4003
        return {"meta": {"code": code, "message": "words"}, "data": {}}

    def _sf(self, body, refuses):
        if refuses:
            return {"apiResultCode": "A1001", "apiErrorMsg": "必传参数不可为空"}
        (number,) = json.loads(form(body)["msgData"])["trackingNumber"]
        self._first(number)
        routes = [{"mailNo": number, "routes": self.routes.get(number, [])}]
        data = {"success": True, "errorCode": "S0000", "msgData": {"routeResps": routes}}
        return {"apiResultCode": "A1000", "apiErrorMsg": "", "apiResultData": json.dumps(data, ensure_ascii=False)}

    def _handler(fake):
        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                status, reply = fake.answer(self.path, body.decode(), dict(self.headers))
                try:
                    self.send_response(status)
                    self.send_header("Content-Length", str(len(reply)))
                    self.end_headers()
                    self.wfile.write(reply)
                except OSError:
                    pass  # the caller did not wait

            def log_message(self, *args):
                pass

        return Handler


def form(body):
    """The first value of each field."""
    return {name: values[0] for name, values in parse_qs(body).items()}
