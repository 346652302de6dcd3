import { type G726Bits, type G726Table, g726Tables } from './g726-tables.ts';

/** Tap weights of past differences, and of past signals. */
const zeros = 6;
const poles = 2;

/**
 * One direction of ITU-T G.726 (§4.2): codes to samples or samples to codes. The numbers are whole ones of the widths that the
 * Recommendation gives them. Names: `y` scale factor, `se` signal estimate, `dq` quantized difference, `sr` reconstructed
 * signal; a float is a sign, an exponent of 4 bits and a mantissa of 6.
 */
export class G726State {
  readonly #table: G726Table;
  readonly #signBit: number;
  readonly #is16k: boolean;
  #y = 544;
  #yu = 544;
  #yl = 34816;
  #dms = 0;
  #dml = 0;
  #ap = 0;
  #isTone = false;
  #se = 0;
  #sez = 0;
  /** Signs of the last two partial reconstructions. */
  #pk1 = 1;
  #pk2 = 1;
  readonly #a = new Int32Array(poles);
  readonly #b = new Int32Array(zeros);
  readonly #signs = new Int8Array(zeros + poles).fill(1);
  readonly #exponents = new Uint8Array(zeros + poles);
  readonly #mantissas = new Uint8Array(zeros + poles).fill(32);

  constructor(bits: G726Bits) {
    this.#table = g726Tables[bits];
    this.#signBit = 1 << (bits - 1);
    this.#is16k = bits === 2;
  }

  /** @param code of as many bits as the rate has @returns 16 bits, signed */
  decode(code: number): number {
    const sr = this.#step(code) * 4;
    return sr > 32767 ? 32767 : sr < -32768 ? -32768 : sr;
  }

  /** @param sample 16 bits, signed @returns code of as many bits as the rate has */
  encode(sample: number): number {
    const code = this.#quantize(Math.trunc(sample / 4) - this.#se);
    this.#step(code);
    return code;
  }

  /** Adaptive quantizer (§4.2.2): LOG, SUBTB, QUAN. */
  #quantize(difference: number): number {
    const size = Math.abs(difference);
    const exponent = size === 0 ? 0 : 31 - Math.clz32(size);
    const log = (exponent << 7) + (((size << 7) >> exponent) & 0x7f) - (this.#y >> 2);
    const { levels } = this.#table;
    let magnitude = 0;
    while (magnitude < levels.length && log >= levels[magnitude]!) magnitude++;
    const all = 2 * this.#signBit - 1;
    if (difference < 0) return all - magnitude;
    // Only 16 kbit/s has a code of nothing but zeros (table 4).
    return magnitude === 0 && !this.#is16k ? all : magnitude;
  }

  /** Everything that both directions do with a code. @returns the reconstructed signal, 14 bits unless it overflows */
  #step(code: number): number {
    const isNegative = (code & this.#signBit) !== 0;
    const magnitude = isNegative ? 2 * this.#signBit - 1 - code : code;
    const size = this.#inverse(magnitude);
    const isTransition = this.#isTone && size > (3 * this.#threshold()) >> 2;
    const dq = isNegative ? -size : size;
    const sr = ((this.#se + dq) << 16) >> 16;
    this.#adaptPredictor(dq, isTransition);
    this.#remember(dq, isNegative, sr);
    this.#isTone = this.#a[1]! < -11776;
    this.#adaptSpeed(magnitude, isTransition);
    this.#adaptScale(magnitude);
    this.#predict();
    return sr;
  }

  /** RECONST, ADDA, ANTILOG. */
  #inverse(magnitude: number): number {
    const log = this.#table.logs[magnitude]! + (this.#y >> 2);
    return log < 0 ? 0 : ((128 + (log & 127)) << ((log >> 7) & 15)) >> 7;
  }

  /** TRANS: the size beyond which a difference ends a tone. */
  #threshold(): number {
    const whole = this.#yl >> 15;
    return whole > 9 ? 31 << 10 : (32 + ((this.#yl >> 10) & 31)) << whole;
  }

  /** ADDC, UPA1, UPA2, UPB and their limits. */
  #adaptPredictor(dq: number, isTransition: boolean): void {
    const partial = this.#sez + dq;
    const pk0 = Math.sign(partial);
    const a = this.#a;
    const b = this.#b;
    if (isTransition) {
      a.fill(0);
      b.fill(0);
    } else {
      const f = limit((-a[0]! * this.#pk1 * pk0) >> 5, -256, 255);
      a[1] = limit(a[1]! - (a[1]! >> 7) + 128 * pk0 * this.#pk2 + f, -12288, 12288);
      const most = 15360 - a[1]!;
      a[0] = limit(a[0]! - (a[0]! >> 8) + 192 * pk0 * this.#pk1, -most, most);
      const step = 128 * Math.sign(dq);
      for (let tap = 0; tap < zeros; tap++) b[tap] = b[tap]! - (b[tap]! >> 8) + step * this.#signs[tap]!;
    }
    this.#pk2 = this.#pk1;
    this.#pk1 = pk0 || 1;
  }

  /** FLOATA and FLOATB, and the delays behind them. */
  #remember(dq: number, isNegative: boolean, sr: number): void {
    for (const [from, to] of [
      [0, zeros],
      [zeros, zeros + poles],
    ] as const) {
      this.#signs.copyWithin(from + 1, from, to - 1);
      this.#exponents.copyWithin(from + 1, from, to - 1);
      this.#mantissas.copyWithin(from + 1, from, to - 1);
    }
    this.#float(0, Math.abs(dq), isNegative);
    this.#float(zeros, Math.abs(sr), sr < 0);
  }

  #float(at: number, size: number, isNegative: boolean): void {
    const exponent = 32 - Math.clz32(size);
    this.#signs[at] = isNegative ? -1 : 1;
    this.#exponents[at] = exponent;
    this.#mantissas[at] = size === 0 ? 32 : (size << 6) >> exponent;
  }

  /** FILTA, FILTB, SUBTC, FILTC, TRIGA. */
  #adaptSpeed(magnitude: number, isTransition: boolean): void {
    const change = this.#table.changes[magnitude]! << 4;
    this.#dms += change + (-this.#dms >> 5);
    this.#dml += change + (-this.#dml >> 7);
    if (isTransition) {
      this.#ap = 256;
      return;
    }
    const isFast = this.#y < 1536 || this.#isTone || Math.abs((this.#dms << 2) - this.#dml) >= this.#dml >> 3;
    this.#ap += (isFast ? 32 : 0) + (-this.#ap >> 4);
  }

  /** FILTD, LIMB, FILTE, LIMA, MIX. */
  #adaptScale(magnitude: number): void {
    this.#yu = limit(this.#y + this.#table.scales[magnitude]! + (-this.#y >> 5), 544, 5120);
    this.#yl += this.#yu + (-this.#yl >> 6);
    const speed = this.#ap >= 256 ? 64 : this.#ap >> 2;
    this.#y = (this.#yl + (this.#yu - (this.#yl >> 6)) * speed) >> 6;
  }

  /** FMULT, ACCUM. */
  #predict(): void {
    let sum = 0;
    for (let tap = 0; tap < zeros; tap++) sum += this.#product(this.#b[tap]!, tap);
    this.#sez = sum >> 1;
    for (let tap = 0; tap < poles; tap++) sum += this.#product(this.#a[tap]!, zeros + tap);
    this.#se = sum >> 1;
  }

  #product(weight: number, at: number): number {
    const coefficient = weight >> 2;
    const size = Math.abs(coefficient);
    const exponent = 32 - Math.clz32(size);
    const mantissa = size === 0 ? 32 : (size << 6) >> exponent;
    const product = (mantissa * this.#mantissas[at]! + 48) >> 4;
    const shift = exponent + this.#exponents[at]! - 19;
    const scaled = shift > 0 ? product << shift : product >> -shift;
    return ((coefficient < 0 === this.#signs[at]! < 0 ? scaled : -scaled) << 16) >> 16;
  }
}

function limit(value: number, least: number, most: number): number {
  return value < least ? least : value > most ? most : value;
}
