import type { ColorRamp } from "./color-ramps.ts";

type Values = Float32Array<ArrayBuffer>;

/** What a map shows, one value for each pixel of its grid; NaN (or a class that has no entry) was not observed. */
export type MapLayer =
  | {
      readonly kind: "true-colour";
      /** Reflectance. */
      readonly red: Values;
      readonly green: Values;
      readonly blue: Values;
    }
  | {
      readonly kind: "index";
      readonly name: string;
      readonly values: Values;
      /** Values of the first and the last colour. */
      readonly from: number;
      readonly to: number;
      readonly ramp: ColorRamp;
    }
  | {
      readonly kind: "classes";
      readonly values: Uint8Array;
      readonly classes: readonly { readonly value: number; readonly label: string; readonly color: string }[];
    };
