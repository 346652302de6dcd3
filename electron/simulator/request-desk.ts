import { type GeneralReply, replyResult } from '../codec/jt808/body/general-reply.ts';
import { type LiveRequest, liveDataType } from '../codec/jt808/body/live-media.ts';
import type { PartsRequest } from '../codec/jt808/body/parts-request.ts';
import { terminalCommand } from '../codec/jt808/body/terminal-control.ts';
import type { Message } from '../codec/jt808/frame.ts';
import type { MessageId, MessageValues, ReadFault, Reading } from '../codec/jt808/messages.ts';
import type { CameraHead } from './camera-head.ts';
import type { CameraShots } from './camera-shots.ts';
import type { Faults } from './faults.ts';
import type { Incidents } from './incidents.ts';
import type { MediaDesk } from './media-desk.ts';
import type { StorageDesk } from './storage-desk.ts';
import type { TerminalParameters } from './terminal-parameters.ts';
import type { UploadDesk } from './upload-desk.ts';
import type { VehicleIdentity } from './vehicle-identity.ts';

export interface RequestDeskOptions {
  readonly identity: VehicleIdentity;
  readonly channels: number;
  readonly faults: Readonly<Faults>;
  readonly media: MediaDesk;
  /** The head of a channel's camera, where it has one. */
  head(channel: number): CameraHead | undefined;
  readonly storage: StorageDesk;
  readonly uploads: UploadDesk;
  readonly shots: CameraShots;
  readonly incidents: Incidents;
  readonly parameters: TerminalParameters;
  /** Address of the server, for a 0x9101 that names none. */
  serverAddress(): string;
  send<Id extends MessageId>(id: Id, value: MessageValues[Id]): void;
  /** Away for a moment, as after 0x8105. */
  restart(): void;
  sendAgain(request: PartsRequest): void;
}

const fromPlatform = 0x8000;
const mostTexts = 20;
/** Orders of 0x8105 after which a terminal comes back by itself; the others a simulated one does not know. */
const obeyed = [terminalCommand.reset, terminalCommand.factoryReset, terminalCommand.closeDataLink];

/** How a simulated terminal answers what the platform asks of it. */
export class RequestDesk {
  /** What its display showed, the newest last. */
  readonly texts: string[] = [];
  readonly #options: RequestDeskOptions;

  constructor(options: RequestDeskOptions) {
    this.#options = options;
  }

  /** A message that could not be read. */
  refuse(message: Message, fault: ReadFault): void {
    if (message.header.id >= fromPlatform)
      this.#reply(message, fault === 'shortBody' ? replyResult.badMessage : replyResult.unsupported);
  }

  answer(message: Message, reading: Reading): void {
    const { media, parameters, send } = this.#options;
    const replySerial = message.header.serial;
    switch (reading.id) {
      case 0x8103:
        parameters.set(reading.value.parameters);
        this.#reply(message, replyResult.ok);
        break;
      case 0x8104:
        send(0x0104, { replySerial, parameters: parameters.all() });
        break;
      case 0x8106:
        send(0x0104, { replySerial, parameters: parameters.some(reading.value.ids) });
        break;
      case 0x8107:
        send(0x0107, this.#deviceProperties());
        break;
      case 0x9003:
        send(0x1003, this.#mediaProperties());
        break;
      case 0x9101:
        if (!this.#options.faults.ignoresStreams) this.#reply(message, this.#openStream(reading.value));
        break;
      case 0x9102:
        this.#reply(message, media.control(reading.value) ? replyResult.ok : replyResult.failed);
        break;
      case 0x8203:
        this.#options.incidents.confirm(reading.value.alarms);
        this.#reply(message, replyResult.ok);
        break;
      case 0x8800:
        break;
      case 0x8801: {
        const { reply, pictures } = this.#options.shots.take(reading.value, replySerial);
        send(0x0805, reply);
        for (const picture of pictures) send(0x0801, picture);
        break;
      }
      case 0x8003:
        this.#options.sendAgain(reading.value);
        break;
      case 0x9201: {
        const { storage, serverAddress } = this.#options;
        this.#reply(message, storage.play(reading.value, serverAddress()) ? replyResult.ok : replyResult.failed);
        break;
      }
      case 0x9202:
        this.#reply(message, this.#options.storage.control(reading.value) ? replyResult.ok : replyResult.failed);
        break;
      case 0x9205:
        for (const list of this.#options.storage.answer(reading.value, replySerial)) send(0x1205, list);
        break;
      case 0x9206: {
        const { uploads, serverAddress } = this.#options;
        // Answered first: it begins at once.
        const ready = uploads.prepare(reading.value, replySerial, serverAddress());
        this.#reply(message, ready ? replyResult.ok : replyResult.failed);
        ready?.();
        break;
      }
      case 0x9207:
        this.#reply(message, this.#options.uploads.control(reading.value) ? replyResult.ok : replyResult.failed);
        break;
      case 0x8300:
        this.texts.push(reading.value.text);
        this.texts.splice(0, this.texts.length - mostTexts);
        this.#reply(message, replyResult.ok);
        break;
      case 0x9301:
        this.#reply(message, verdict(this.#options.head(reading.value.channel)?.turn(reading.value)));
        break;
      case 0x9302:
      case 0x9303:
      case 0x9304:
      case 0x9305:
      case 0x9306:
        this.#reply(message, verdict(this.#options.head(reading.value.channel)?.control(reading.id, reading.value)));
        break;
      case 0x8105: {
        const obeys = (obeyed as readonly number[]).includes(reading.value.command);
        this.#reply(message, obeys ? replyResult.ok : replyResult.unsupported);
        if (obeys) this.#options.restart();
        break;
      }
      case 0x9105:
        this.#reply(message, replyResult.ok);
        break;
      default:
        this.refuse(message, 'unknownId');
    }
  }

  #openStream(request: LiveRequest): number {
    const { media, faults, channels, serverAddress } = this.#options;
    if (!media.supports(request)) return replyResult.unsupported;
    if (faults.refusesStreams || request.channel < 1 || request.channel > channels) return replyResult.failed;
    if (request.dataType >= liveDataType.talk) {
      if (faults.refusesTalk) return replyResult.failed;
      if (faults.neverConnectsTalk) return replyResult.ok;
    }
    return media.open(request, serverAddress()) ? replyResult.ok : replyResult.failed;
  }

  #reply(message: Message, result: GeneralReply['result']): void {
    this.#options.send(0x0001, { replySerial: message.header.serial, replyId: message.header.id, result });
  }

  #mediaProperties(): MessageValues[0x1003] {
    return {
      audioPayloadType: 6,
      audioChannels: 1,
      audioSampleRate: 8000,
      audioBits: 16,
      audioFrameLength: 160,
      audioOutput: true,
      videoPayloadType: 98,
      maxAudioChannels: this.#options.channels,
      maxVideoChannels: this.#options.channels,
    };
  }

  #deviceProperties(): MessageValues[0x0107] {
    const { deviceId, phone } = this.#options.identity;
    return {
      deviceType: 0x0001,
      maker: 'CONVY',
      makerWidth: 5,
      model: 'SIM-4CH',
      deviceId,
      iccid: `8986${phone.padStart(16, '0')}`,
      hardwareVersion: 'SIM',
      firmwareVersion: '1',
      gnss: 0x03,
      modem: 0x20,
    };
  }
}

/** @param done undefined when there is nobody to do it */
function verdict(done: boolean | undefined): number {
  if (done === undefined) return replyResult.failed;
  return done ? replyResult.ok : replyResult.badMessage;
}
