# A peer: FastAPI and ONNX Runtime, one worker. Arguments: path of the model, port.
import json
import sys

import numpy as np
import onnxruntime as ort
import uvicorn
from fastapi import FastAPI, Request
from fastapi.responses import Response

options = ort.SessionOptions()
options.intra_op_num_threads = 1
options.inter_op_num_threads = 1
session = ort.InferenceSession(sys.argv[1], options, providers=["CPUExecutionProvider"])
app = FastAPI()


@app.post("/predict")
async def predict(request: Request):
    body = json.loads(await request.body())
    x = np.asarray(body["x"], dtype=np.float32)[None, :]
    (y,) = session.run(None, {"x": x})
    return Response(json.dumps({"y": y[0].tolist()}), media_type="application/json")


@app.get("/ready")
async def ready():
    return {}


uvicorn.run(app, host="127.0.0.1", port=int(sys.argv[2]), log_level="error", access_log=False)
