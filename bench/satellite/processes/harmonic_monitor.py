"""The harmonic monitor in numpy, vectorised over pixels: same model, same rule. Reads orders, one JSON object a line."""

import json
import sys

import numpy as np

YEAR = 365.2425


def monitor(days, values, window, order):
    history = (days >= window["historyFromDay"]) & (days < window["monitorFromDay"])
    watched = np.flatnonzero((days >= window["monitorFromDay"]) & (days < window["monitorToDay"]))
    years = (days - window["monitorFromDay"]) / YEAR
    terms = [np.ones(len(days))]
    for harmonic in (1, 2):
        terms += [np.cos(2 * np.pi * harmonic * years), np.sin(2 * np.pi * harmonic * years)]
    rows = np.stack(terms, 1)
    size = rows.shape[1]
    clear = ~np.isnan(values)
    past = rows[history]
    seen = clear[:, history]
    known = np.where(seen, values[:, history], 0)
    products = (past[:, :, None] * past[:, None, :]).reshape(len(past), -1)
    weights = seen.astype(float)

    def solve(weights):
        matrix = (weights @ products).reshape(-1, size, size)
        right = (weights * known) @ past
        coefficients = np.linalg.solve(matrix, right[..., None])[..., 0]
        residuals = np.where(seen, known - coefficients @ past.T, 0)
        return matrix, coefficients, residuals

    matrix, coefficients, residuals = solve(weights)
    inverse = np.linalg.inv(matrix)
    if order["robust"]:
        for _ in range(4):
            spread = 1.4826 * np.nanmedian(np.where(seen, np.abs(residuals), np.nan), axis=1)
            distance = np.abs(residuals) / np.maximum(spread, 1e-12)[:, None]
            weights = seen * np.minimum(1, 1.345 / np.maximum(distance, 1e-12))
            _, coefficients, residuals = solve(weights)
    free = seen.sum(1) - size
    sigma = np.maximum(np.sqrt((weights * residuals**2).sum(1) / free), 0.02)
    future = rows[watched]
    leverage = np.einsum("tp,npq,tq->nt", future, inverse, future)
    departures = values[:, watched] - coefficients @ future.T
    distances = departures / (sigma[:, None] * np.sqrt(1 + leverage))
    agree = distances < -order["threshold"]
    count = np.zeros(len(values), int)
    first = np.full(len(values), -1)
    confirmed = np.full(len(values), -1)
    for at in range(len(watched)):
        now = clear[:, watched[at]]
        first = np.where((confirmed < 0) & now & agree[:, at] & (count == 0), at, first)
        count = np.where(now, np.where(agree[:, at], count + 1, 0), count)
        confirmed = np.where((confirmed < 0) & (count >= 3), at, confirmed)
    magnitudes = np.full(len(values), np.nan)
    later = np.arange(len(watched))[None, :] >= first[:, None]
    found = confirmed >= 0
    magnitudes[found] = np.nanmedian(np.where(later[found], departures[found], np.nan), axis=1)
    return int(found.sum())


for line in sys.stdin:
    order = json.loads(line)
    days = np.fromfile(order["days"])
    values = np.fromfile(order["values"], np.float32).reshape(-1, len(days))
    print(json.dumps({"confirmed": sum(monitor(days, block, order["window"], order)
                                       for block in np.array_split(values, order["blocks"]))}), flush=True)
