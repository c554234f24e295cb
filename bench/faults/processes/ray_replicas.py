# A peer: Ray Serve in its default mode, two replicas that take as long for a call as our hosts do. Argument: a port.
import os
import sys
import time

import ray
from ray import serve
from starlette.requests import Request
from starlette.responses import PlainTextResponse


@serve.deployment(num_replicas=2)
class Sleeper:
    def __call__(self, request: Request):
        time.sleep(0.02)
        return PlainTextResponse(str(os.getpid()))


ray.init(num_cpus=2, include_dashboard=False, logging_level="error")
serve.start(http_options={"host": "127.0.0.1", "port": int(sys.argv[1])})
serve.run(Sleeper.bind(), route_prefix="/ask")
while True:
    time.sleep(1)
