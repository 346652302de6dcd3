/** Bits of one sample: 16, 24, 32 and 40 kbit/s at 8 kHz. */
export type G726Bits = 2 | 3 | 4 | 5;

/** What depends on the rate (ITU-T G.726 §4.2.3 to §4.2.5); the code's magnitude is the place in each row. */
export interface G726Table {
  /** Quantizer (tables 1 to 4): the least normalised log magnitude of each code but the lowest. */
  readonly levels: readonly number[];
  /** Inverse quantizer: normalised log magnitude; -2048 stands for minus infinity. */
  readonly logs: readonly number[];
  /** Scale factor multiplier W. */
  readonly scales: readonly number[];
  /** Rate of change F. */
  readonly changes: readonly number[];
}

export const g726Tables: Record<G726Bits, G726Table> = {
  2: { levels: [261], logs: [116, 365], scales: [-22, 439], changes: [0, 7] },
  3: {
    levels: [8, 218, 331],
    logs: [-2048, 135, 273, 373],
    scales: [-4, 30, 137, 582],
    changes: [0, 1, 2, 7],
  },
  4: {
    levels: [-124, 80, 178, 246, 300, 349, 400],
    logs: [-2048, 4, 135, 213, 273, 323, 373, 425],
    scales: [-12, 18, 41, 64, 112, 198, 355, 1122],
    changes: [0, 0, 0, 1, 1, 1, 3, 7],
  },
  5: {
    levels: [-121, -15, 68, 139, 198, 250, 298, 339, 378, 413, 445, 475, 502, 528, 553],
    logs: [-2048, -66, 28, 104, 169, 224, 274, 318, 358, 395, 429, 459, 488, 514, 539, 566],
    scales: [14, 14, 24, 39, 40, 41, 58, 100, 141, 179, 219, 280, 358, 440, 529, 696],
    changes: [0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 2, 3, 4, 5, 6, 6],
  },
};
