import { describe, expect, it } from 'vitest';
import type { Location } from '../../../electron/codec/jt808/body/location.ts';
import type { LocationItem } from '../../../electron/codec/jt808/body/location-item.ts';
import type { Parameter } from '../../../electron/codec/jt808/body/parameter.ts';
import { decodeFrame } from '../../../electron/codec/jt808/frame.ts';
import { type MessageId, type MessageValues, readMessage } from '../../../electron/codec/jt808/messages.ts';
import { hexDigits } from '../../../electron/codec/terminal-id.ts';
import { captureText, hasCapture } from '../captures.ts';
import { bytes } from '../hex.ts';

const file = 'jt808-messages.json';

interface Listed {
  hex: string;
  fields: Record<string, unknown>;
}

const headerFields = ['messageId', 'properties', 'protocolVersion', 'clientId', 'serialNo', 'verified'];

/** GMT+8, as that project prints it. */
function localTime(ms: number): string {
  return new Date(ms + 8 * 3_600_000).toISOString().slice(0, 19);
}

/** YYMMDDhhmmss in GMT+8, as that project keeps other times. */
function digits(ms: number): string {
  return localTime(ms).replace(/\D/g, '').slice(2);
}

function clock(digits: string): string {
  return `${digits.slice(0, 2)}:${digits.slice(2)}:00`;
}

function locationFields(value: Location): Record<string, unknown> {
  return {
    warnBit: value.alarms,
    statusBit: value.status,
    latitude: Math.round(value.latitude * 1e6),
    longitude: Math.round(value.longitude * 1e6),
    altitude: value.altitude,
    speed: Math.round(value.speed * 10),
    direction: value.direction,
    deviceTime: localTime(value.time),
  };
}

/** In that project's words; undefined for an item it names and we keep raw. */
function itemField(item: LocationItem): unknown {
  if ('raw' in item) return undefined;
  switch (item.id) {
    case 0x05:
      return { value: [...item.value] };
    case 0x11:
      return { areaType: item.value.areaType, areaId: item.value.areaId };
    case 0x12:
      return item.value;
    case 0x13:
      return { areaId: item.value.sectionId, driveTime: item.value.seconds, result: item.value.result };
    default:
      return item.value;
  }
}

function parameterField(parameter: Parameter): unknown {
  if ('raw' in parameter) return undefined;
  switch (parameter.id) {
    case 0x0075: {
      const { live, storage, captions, audio } = parameter.value;
      return {
        realtimeEncode: live.mode,
        realtimeResolution: live.resolution,
        realtimeFrameInterval: live.keyFrameInterval,
        realtimeFrameRate: live.frameRate,
        realtimeBitRate: live.bitRate,
        storageEncode: storage.mode,
        storageResolution: storage.resolution,
        storageFrameInterval: storage.keyFrameInterval,
        storageFrameRate: storage.frameRate,
        storageBitRate: storage.bitRate,
        odsConfig: captions,
        audioEnabled: audio,
      };
    }
    case 0x0079:
      return {
        storageThreshold: parameter.value.storagePercent,
        duration: parameter.value.minutesAfter,
        startTime: parameter.value.minutesBefore,
      };
    case 0x007b:
      return { overloadThreshold: parameter.value.passengers, fatigueThreshold: parameter.value.fatigue };
    case 0x007c: {
      const { modes, conditions, weekdays, periodsOn, periods } = parameter.value;
      return {
        mode: modes,
        conditionType: conditions,
        dayOfWeek: weekdays,
        timeFlag: periodsOn,
        ...Object.fromEntries(
          periods.flatMap(({ wake, sleep }, at) => [
            [`wakeTime${at + 1}`, clock(wake)],
            [`sleepTime${at + 1}`, clock(sleep)],
          ]),
        ),
      };
    }
    default:
      return parameter.value;
  }
}

function known(entries: [number, unknown][]): Record<string, unknown> {
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined));
}

const parameterFields = (parameters: Parameter[]) =>
  known(parameters.map(parameter => [parameter.id, parameterField(parameter)]));

/** Our value → that project's fields. */
const fields: { [Id in MessageId]?: (value: MessageValues[Id]) => Record<string, unknown> } = {
  0x0002: () => ({}),
  0x0100: value => ({
    provinceId: value.province,
    cityId: value.city,
    makerId: value.maker,
    deviceModel: value.model,
    deviceId: value.deviceId,
    plateColor: value.plateColor,
    plateNo: value.plate,
  }),
  0x0102: value => ({ token: value.code }),
  0x0104: value => ({ responseSerialNo: value.replySerial, parameters: parameterFields(value.parameters) }),
  0x0200: value => ({
    ...locationFields(value),
    attributes: known(value.items.map(item => [item.id, itemField(item)])),
  }),
  0x0704: value => ({ total: value.locations.length, type: value.kind, items: value.locations.map(locationFields) }),
  0x1003: value => ({
    audioFormat: value.audioPayloadType,
    audioChannels: value.audioChannels,
    audioSamplingRate: [8000, 22050, 44100, 48000].indexOf(value.audioSampleRate),
    audioBitDepth: [8, 16, 32].indexOf(value.audioBits),
    audioFrameLength: value.audioFrameLength,
    audioSupport: value.audioOutput ? 1 : 0,
    videoFormat: value.videoPayloadType,
    maxAudioChannels: value.maxAudioChannels,
    maxVideoChannels: value.maxVideoChannels,
  }),
  0x8001: value => ({
    responseSerialNo: value.replySerial,
    responseMessageId: value.replyId,
    resultCode: value.result,
  }),
  0x8003: value => ({ responseSerialNo: value.firstSerial, id: value.indexes }),
  0x8100: value => ({ responseSerialNo: value.replySerial, resultCode: value.result, token: value.authCode }),
  0x8103: value => ({ parameters: parameterFields(value.parameters) }),
  0x8106: value => ({ id: value.ids }),
  0x9101: value => ({
    ip: value.address,
    tcpPort: value.tcpPort,
    udpPort: value.udpPort,
    channelNo: value.channel,
    mediaType: value.dataType,
    streamType: value.stream,
  }),
  0x9102: value => ({
    channelNo: value.channel,
    command: value.command,
    closeType: value.close,
    streamType: value.stream,
  }),
  0x9105: value => ({ channelNo: value.channel, packetLossRate: value.lossPercent }),
  0x0705: value => ({
    total: value.frames.length,
    dateTime: value.time.slice(4),
    items: value.frames.map(({ id, data }) => ({ id, data: [...data] })),
  }),
  0x0801: value => ({
    id: value.mediaId,
    type: value.type,
    format: value.format,
    event: value.event,
    channelId: value.channel,
    location: value.location && locationFields(value.location),
    packet: hexDigits(value.data).toLowerCase(),
  }),
  0x0805: value => ({ responseSerialNo: value.replySerial, result: value.result, id: value.mediaIds }),
  0x1005: value => ({
    startTime: digits(value.start),
    endTime: digits(value.end),
    getOnCount: value.on,
    getOffCount: value.off,
  }),
  0x8105: value => ({ command: value.command, parameter: value.parameters.join(';') }),
  0x8203: value => ({ responseSerialNo: value.alarmSerial, type: value.alarms }),
  0x8800: value => ({ mediaId: value.mediaId, id: value.missing }),
  0x8801: value => ({
    channelId: value.channel,
    command: value.command,
    time: value.interval,
    save: value.isKept ? 1 : 0,
    resolution: value.resolution,
    quality: value.quality,
    brightness: value.brightness,
    contrast: value.contrast,
    saturation: value.saturation,
    chroma: value.chroma,
  }),
  0x1206: value => ({ responseSerialNo: value.replySerial, result: value.result }),
  0x9201: value => ({
    ip: value.address,
    tcpPort: value.tcpPort,
    udpPort: value.udpPort,
    channelNo: value.channel,
    mediaType: value.media,
    streamType: value.stream,
    storageType: value.storage,
    playbackMode: value.mode,
    playbackSpeed: value.speed,
    startTime: digits(value.start),
    endTime: digits(value.end),
  }),
  0x9205: value => ({
    channelNo: value.channel,
    startTime: digits(value.start),
    endTime: digits(value.end),
    warnBit1: value.alarms,
    warnBit2: value.videoAlarms,
    mediaType: value.media,
    streamType: value.stream,
    storageType: value.storage,
  }),
  0x9206: value => ({
    ip: value.address,
    port: value.port,
    username: value.user,
    password: value.password,
    path: value.path,
    channelNo: value.channel,
    startTime: localTime(value.start),
    endTime: localTime(value.end),
    warnBit1: value.alarms,
    warnBit2: value.videoAlarms,
    mediaType: value.media,
    streamType: value.stream,
    storageType: value.storage,
    condition: value.conditions,
  }),
};

describe.skipIf(!hasCapture(file))(`66 messages of another project (${file})`, () => {
  const listed: Listed[] = hasCapture(file) ? JSON.parse(captureText(file)) : [];

  it('have the header fields listed', () => {
    expect(listed).toHaveLength(66);
    for (const { hex, fields: theirs } of listed) {
      const message = decodeFrame(bytes(hex).subarray(1, -1));
      if (typeof message === 'string') throw new Error(`${message}: ${hex}`);
      const { header } = message;
      expect([header.id, header.protocolVersion, hexDigits(header.phone), header.serial], hex).toEqual([
        theirs.messageId,
        theirs.protocolVersion,
        theirs.clientId,
        theirs.serialNo,
      ]);
    }
  });

  it('have the body fields listed, as far as the table knows the message', () => {
    const compared = new Map<number, number>();
    for (const { hex, fields: theirs } of listed) {
      const message = decodeFrame(bytes(hex).subarray(1, -1));
      if (typeof message === 'string') throw new Error(`${message}: ${hex}`);
      const reading = readMessage(message);
      if (reading === 'unknownId') continue;
      if (typeof reading === 'string') throw new Error(`${reading}: ${hex}`);
      const inTheirWords = fields[reading.id] as ((value: unknown) => Record<string, unknown>) | undefined;
      if (!inTheirWords) throw new Error(`no mapping for ${reading.name}`);
      const ours = inTheirWords(reading.value);
      expect(theirs, hex).toMatchObject(ours);
      expect(new Set(Object.keys(ours)), hex).toEqual(
        new Set(Object.keys(theirs).filter(key => !headerFields.includes(key))),
      );
      compared.set(reading.id, (compared.get(reading.id) ?? 0) + 1);
    }
    expect([...compared.values()].reduce((sum, count) => sum + count, 0)).toBe(35);
  });
});
