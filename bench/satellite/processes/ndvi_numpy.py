"""NDVI of two files as it is written in notebooks. Arguments: near infrared, red, result."""
import sys

import numpy
import rasterio

nir_path, red_path, result_path = sys.argv[1:4]
with rasterio.open(nir_path) as source:
    nir = source.read(1).astype(numpy.float32)
    profile = source.profile
with rasterio.open(red_path) as source:
    red = source.read(1).astype(numpy.float32)
ndvi = (nir - red) / (nir + red)
layout = {"driver": "GTiff", "tiled": True, "blockxsize": 256, "blockysize": 256}
place = {key: profile[key] for key in ("width", "height", "crs", "transform")}
with rasterio.open(result_path, "w", count=1, dtype="float32", nodata=numpy.nan, **layout, **place) as result:
    result.write(ndvi, 1)
