"""Log-mel frames of one minute again and again, on one thread: with numpy as openai/whisper's audio.py does it, and with
librosa. Argument: a file of float32 samples. An order is a line of JSON, its answer a line."""

import json
import sys

import numpy as np

minute = np.fromfile(sys.argv[1], dtype=np.float32)
window = np.hanning(401)[:-1].astype(np.float32)
filters = {}


def mel_filters(mels):
    """Slaney's scale and norm, 0 to 8 kHz."""
    if mels not in filters:
        def hz(mel):
            return np.where(mel < 15, mel * 200 / 3, 1000 * np.exp((mel - 15) * np.log(6.4) / 27))
        top = 15 + np.log(8.0) / (np.log(6.4) / 27)
        corners = hz(np.linspace(0, top, mels + 2))
        bins = np.linspace(0, 8000, 201)
        rising = (bins[None] - corners[:-2, None]) / (corners[1:-1] - corners[:-2])[:, None]
        falling = (corners[2:, None] - bins[None]) / (corners[2:] - corners[1:-1])[:, None]
        weights = np.maximum(0, np.minimum(rising, falling)) * (2 / (corners[2:] - corners[:-2]))[:, None]
        filters[mels] = weights.astype(np.float32)
    return filters[mels]


def with_numpy(mels):
    padded = np.pad(minute, 200, mode="reflect")
    frames = np.lib.stride_tricks.sliding_window_view(padded, 400)[::160][:-1]
    power = np.abs(np.fft.rfft(frames * window, axis=1)).astype(np.float32) ** 2
    return finish(mel_filters(mels) @ power.T)


def with_librosa(mels):
    import librosa
    return finish(librosa.feature.melspectrogram(y=minute, sr=16000, n_fft=400, hop_length=160, n_mels=mels, fmax=8000))


def finish(mel):
    return np.log10(np.maximum(mel, 1e-10))


compute = {"numpy": with_numpy, "librosa": with_librosa}
for line in sys.stdin:
    order = json.loads(line)
    for _ in range(order["minutes"]):
        compute[order["library"]](order["mels"])
    print("done", flush=True)
