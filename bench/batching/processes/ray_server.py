# A peer: Ray Serve with @serve.batch (32 items, 2 ms), default mode, one replica. Arguments: path of the model, port.
import sys
import time

import numpy as np
import ray
from ray import serve
from starlette.requests import Request


@serve.deployment(num_replicas=1, max_ongoing_requests=256)
class Mlp:
    def __init__(self, path):
        import onnxruntime as ort

        options = ort.SessionOptions()
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        self.session = ort.InferenceSession(path, options, providers=["CPUExecutionProvider"])

    @serve.batch(max_batch_size=32, batch_wait_timeout_s=0.002)
    async def predict(self, rows):
        (y,) = self.session.run(None, {"x": np.stack(rows)})
        return [row.tolist() for row in y]

    async def __call__(self, request: Request):
        body = await request.json()
        return {"y": await self.predict(np.asarray(body["x"], dtype=np.float32))}


ray.init(num_cpus=2, include_dashboard=False, logging_level="error")
serve.start(http_options={"host": "127.0.0.1", "port": int(sys.argv[2])})
serve.run(Mlp.bind(sys.argv[1]), route_prefix="/predict")
while True:
    time.sleep(1)
