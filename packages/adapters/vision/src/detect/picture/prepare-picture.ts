import { defineTask } from "@stargate/kernel";
import type { PreparedPicture, PreparePictureInput } from "./prepare-picture-task.ts";

/** Decodes and scales a picture away from the gateway's thread. Throws what `readImage` throws. */
export const preparePictureTask = defineTask<PreparePictureInput, PreparedPicture>({
  base: import.meta.url,
  module: "./prepare-picture-task",
  export: "preparePicture",
});
