import { decodeText, encodeText } from '../../text.ts';
import { defineMessage } from '../message-entry.ts';

/** 808-2013 §8.13. 0x70 and up are makers' own. */
export const terminalCommand = {
  /** Parameters, each may be empty: URL, dial-up point, user, password, address, TCP port, UDP port, maker, hardware version, firmware version, minutes to go on trying. */
  upgrade: 1,
  /** Parameters: 0 to take control or 1 to give it back, auth code, dial-up point, user, password, address, TCP port, UDP port, minutes. */
  connectTo: 2,
  powerOff: 3,
  reset: 4,
  factoryReset: 5,
  closeDataLink: 6,
  closeAllRadio: 7,
} as const;

export interface TerminalControl {
  /** One of `terminalCommand`. */
  command: number;
  /** Empty for commands without any. None may contain `;`. */
  parameters: string[];
}

/**
 * 808-2013 §8.13.
 *
 * | 0 | command | BYTE |
 * | 1 | parameters, `;` between them | STRING |
 */
export const terminalControl = defineMessage<0x8105, TerminalControl>({
  id: 0x8105,
  name: 'Terminal control',
  direction: 'down',
  editions: ['808-2011', '808-2013', '808-2019'],

  read(cursor) {
    const command = cursor.u8();
    const text = decodeText(cursor.rest());
    return { command, parameters: text === '' ? [] : text.split(';') };
  },

  write(writer, value) {
    const split = value.parameters.find(parameter => parameter.includes(';'));
    if (split !== undefined) throw new RangeError(`"${split}" would be two parameters`);
    writer.u8(value.command).bytes(encodeText(value.parameters.join(';')));
  },
});
