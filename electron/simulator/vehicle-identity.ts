import { digitsToBytes } from '../codec/bcd.ts';
import type { HeaderVersion } from '../codec/jt808/frame.ts';
import { type City, cities } from './cities.ts';
import { type Random, seededRandom } from './random.ts';

/** What a simulated terminal says it is. */
export interface VehicleIdentity {
  /** Twelve digits, e.g. 013900000001, however wide the header's field is. */
  readonly phone: string;
  /** BCD[6] for 2013, BCD[10] for 2019: header and SIM field alike. */
  readonly phoneBytes: Uint8Array;
  readonly version: HeaderVersion;
  readonly plate: string;
  /** JT/T 415: 1 blue, 2 yellow. */
  readonly plateColor: number;
  /** Seven characters. */
  readonly deviceId: string;
  readonly city: City;
  /** What it streams over when 0x9101 offers both. */
  readonly prefers: 'udp' | 'tcp';
}

/** Letters of number plates: I and O are not used (GA 36). */
const plateLetters = 'ABCDEFGHJKLMNPQRSTUVWXYZ';
const firstPlates = ['沪A·D7261', '粤B·2F983', '京A·88K12', '浙A·1M330', '川A·7Q052', '粤A·5T310'];

/** The same for the same index and seed. @param index from 0 */
export function vehicleIdentity(index: number, seed: number): VehicleIdentity {
  const random = seededRandom(seed);
  const version: HeaderVersion = index % 2 === 0 ? '2013' : '2019';
  const city = cities[index % cities.length] as City;
  const phone = `0139${String(index + 1).padStart(8, '0')}`;
  return {
    phone,
    phoneBytes: digitsToBytes(phone, version === '2019' ? 10 : 6),
    version,
    plate: firstPlates[index] ?? `${city.plate}·${plateTail(random)}`,
    plateColor: random() < 0.5 ? 1 : 2,
    deviceId: `S${String(index + 1).padStart(6, '0')}`,
    city,
    prefers: index % 3 === 1 ? 'tcp' : 'udp',
  };
}

/** Five characters, at most two of them letters. */
function plateTail(random: Random): string {
  const letterAt = Math.floor(random() * 5);
  let tail = '';
  for (let at = 0; at < 5; at++)
    tail += at === letterAt ? plateLetters[Math.floor(random() * plateLetters.length)] : Math.floor(random() * 10);
  return tail;
}
