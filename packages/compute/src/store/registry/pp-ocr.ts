import type { ModelFile, ModelSignature, ModelSpec } from "@stargate/kernel";

/**
 * Addresses and digests as in RapidOCR's list of models, python/rapidocr/default_models.yaml at v3.9.2; sizes as several
 * of its users have recorded them, null where they have not.
 */
const RAPID_OCR = "https://www.modelscope.cn/models/RapidAI/RapidOCR/resolve/v3.9.2";

const licence = "Apache-2.0";
const format = "onnx";

const imageInput = { name: "x", dtype: "float32", shape: ["batch", 3, "height", "width"] } as const;
/** Of the file that was read here; later detectors name their output differently, so none is declared for them. */
const detectorSignature: ModelSignature = {
  inputs: [imageInput],
  outputs: [{ name: "sigmoid_0.tmp_0", dtype: "float32", shape: ["batch", 1, "height", "width"] }],
};
const classifierSignature: ModelSignature = {
  inputs: [imageInput],
  outputs: [{ name: "softmax_0.tmp_0", dtype: "float32", shape: ["batch", 2] }],
};

/** PP-OCR (PaddleOCR, arXiv:2009.09941): where text stands, which way up a line is, what it reads. */
export const ppOcrModels: readonly ModelSpec[] = [
  {
    id: "pp-ocr-det-v3",
    version: "3.0.0",
    summary: "Where text stands on a page: PP-OCRv3, mobile",
    licence,
    format,
    variants: [
      one({
        name: "ch_PP-OCRv3_det_infer.onnx",
        urls: [],
        sha256: "01c414b39144bf1d1238c5e8ee1e23d5c5b96b231cea0b71ceba16c05434e5cc",
        sizeBytes: 2_423_224,
      }),
    ],
    signature: detectorSignature,
    batching: "first-axis",
  },
  {
    id: "pp-ocr-det-v5",
    version: "5.0.0",
    summary: "Where text stands on a page: PP-OCRv5, mobile",
    licence,
    format,
    variants: [
      one({
        name: "ch_PP-OCRv5_det_mobile.onnx",
        urls: [`${RAPID_OCR}/onnx/PP-OCRv5/det/ch_PP-OCRv5_det_mobile.onnx`],
        sha256: "4d97c44a20d30a81aad087d6a396b08f786c4635742afc391f6621f5c6ae78ae",
        sizeBytes: null,
      }),
    ],
    batching: "first-axis",
  },
  {
    id: "pp-ocr-det-v6-tiny",
    version: "6.0.0",
    summary: "Where text stands on a page: PP-OCRv6, tiny",
    licence,
    format,
    variants: [
      one({
        name: "PP-OCRv6_det_tiny.onnx",
        urls: [`${RAPID_OCR}/onnx/PP-OCRv6/det/PP-OCRv6_det_tiny.onnx`],
        sha256: "f42c0fbd294d95eac1a550e131b277dac97462c8025fa4b6c3cec1b7894bd3d5",
        sizeBytes: 1_829_618,
      }),
    ],
    batching: "first-axis",
  },
  {
    id: "pp-ocr-cls",
    version: "2.0.0",
    summary: "Which way up a line of text is: PP-OCR mobile 2.0",
    licence,
    format,
    // Two exports of one network: the one that can be downloaded, and an older one that others have on their disks.
    variants: [
      one({
        name: "ch_ppocr_mobile_v2.0_cls_mobile.onnx",
        urls: [`${RAPID_OCR}/onnx/PP-OCRv4/cls/ch_ppocr_mobile_v2.0_cls_mobile.onnx`],
        sha256: "e47acedf663230f8863ff1ab0e64dd2d82b838fceb5957146dab185a89d6215c",
        sizeBytes: null,
      }),
      {
        ...one({
          name: "ch_ppocr_mobile_v2.0_cls_infer.onnx",
          urls: [],
          sha256: "904752be039cbcef147d1cc3ff486091a8f4623fd24a1b3325028455f4ff430d",
          sizeBytes: 572_539,
        }),
        name: "fp32-infer",
      },
    ],
    signature: classifierSignature,
    batching: "first-axis",
  },
  {
    id: "pp-ocr-rec-v5-en",
    version: "5.0.0",
    summary: "What a line of English text reads: PP-OCRv5, mobile",
    licence,
    format,
    variants: [
      one({
        name: "en_PP-OCRv5_rec_mobile.onnx",
        urls: [`${RAPID_OCR}/onnx/PP-OCRv5/rec/en_PP-OCRv5_rec_mobile.onnx`],
        sha256: "c3461add59bb4323ecba96a492ab75e06dda42467c9e3d0c18db5d1d21924be8",
        sizeBytes: 7_872_351,
      }),
    ],
    assets: [
      {
        name: "ppocrv5_en_dict.txt",
        urls: [`${RAPID_OCR}/paddle/PP-OCRv5/rec/en_PP-OCRv5_rec_mobile/ppocrv5_en_dict.txt`],
        sha256: "e025a66d31f327ba0c232e03f407ae8d105e1e709e7ccb3f408aa778c24e70d6",
        sizeBytes: 1416,
      },
    ],
    batching: "first-axis",
  },
  {
    id: "pp-ocr-rec-v6-tiny",
    version: "6.0.0",
    summary: "What a line of text reads, in some fifty languages: PP-OCRv6, tiny",
    licence,
    format,
    variants: [
      one({
        name: "PP-OCRv6_rec_tiny.onnx",
        urls: [`${RAPID_OCR}/onnx/PP-OCRv6/rec/PP-OCRv6_rec_tiny.onnx`],
        sha256: "e16e242de5937ad92609223f19bc2aff3727ee40b095f996907c24749bad251b",
        sizeBytes: 4_489_813,
      }),
    ],
    assets: [
      {
        name: "ppocrv6_tiny_dict.txt",
        urls: [`${RAPID_OCR}/paddle/PP-OCRv6/rec/PP-OCRv6_rec_tiny/ppocrv6_tiny_dict.txt`],
        sha256: "c5cbe34ef40c29c4df07ed012bf96569cb69a2d2a01a07027e9f13cb832bd9cd",
        sizeBytes: 27_156,
      },
    ],
    batching: "first-axis",
  },
];

function one(file: ModelFile): ModelSpec["variants"][number] {
  return { name: "fp32", quality: 1, files: [file] };
}
