import { Cursor, ShortRead } from '../cursor.ts';
import { alarmConfirmation } from './body/alarm-confirmation.ts';
import { authentication } from './body/authentication.ts';
import {
  apertureControl,
  cameraTurn,
  focusControl,
  infraredControl,
  wiperControl,
  zoomControl,
} from './body/camera-control.ts';
import { cameraShot, cameraShotReply } from './body/camera-shot.ts';
import { canData } from './body/can-data.ts';
import { deviceProperties, queryDeviceProperties } from './body/device-properties.ts';
import { fileUpload, fileUploadControl, fileUploaded } from './body/file-upload.ts';
import { platformGeneralReply, terminalGeneralReply } from './body/general-reply.ts';
import { heartbeat, logout } from './body/link-upkeep.ts';
import { liveControl, liveRequest, liveStatus } from './body/live-media.ts';
import { locationBatch, locationReport } from './body/location.ts';
import { locationReply, queryLocation } from './body/location-query.ts';
import { mediaProperties, queryMediaProperties } from './body/media-properties.ts';
import { multimediaEventReport, multimediaReply, multimediaUpload } from './body/multimedia.ts';
import { parameterReply, queryGivenParameters, queryParameters, setParameters } from './body/parameters.ts';
import { platformPartsRequest, terminalPartsRequest } from './body/parts-request.ts';
import { passengerFlow } from './body/passenger-flow.ts';
import { playbackControl, playbackRequest } from './body/playback.ts';
import { registration, registrationReply } from './body/registration.ts';
import { resourceList, resourceQuery } from './body/resource-list.ts';
import { terminalControl } from './body/terminal-control.ts';
import { textMessage } from './body/text-message.ts';
import type { HeaderVersion, Message } from './frame.ts';
import { type BodyDialect, type MessageEntry, standardDialect } from './message-entry.ts';

/** Every message this program can read and write; docs/clauses.md prints the same table and a test compares them. */
export const messages = {
  // terminal → platform
  0x0001: terminalGeneralReply,
  0x0002: heartbeat,
  0x0003: logout,
  0x0005: terminalPartsRequest,
  0x0100: registration,
  0x0102: authentication,
  0x0104: parameterReply,
  0x0107: deviceProperties,
  0x0200: locationReport,
  0x0201: locationReply,
  0x0704: locationBatch,
  0x0705: canData,
  0x0800: multimediaEventReport,
  0x0801: multimediaUpload,
  0x0805: cameraShotReply,
  0x1003: mediaProperties,
  0x1005: passengerFlow,
  0x1205: resourceList,
  0x1206: fileUploaded,
  // platform → terminal
  0x8001: platformGeneralReply,
  0x8003: platformPartsRequest,
  0x8100: registrationReply,
  0x8103: setParameters,
  0x8104: queryParameters,
  0x8105: terminalControl,
  0x8106: queryGivenParameters,
  0x8107: queryDeviceProperties,
  0x8201: queryLocation,
  0x8203: alarmConfirmation,
  0x8300: textMessage,
  0x8800: multimediaReply,
  0x8801: cameraShot,
  0x9003: queryMediaProperties,
  0x9101: liveRequest,
  0x9102: liveControl,
  0x9105: liveStatus,
  0x9201: playbackRequest,
  0x9202: playbackControl,
  0x9205: resourceQuery,
  0x9206: fileUpload,
  0x9207: fileUploadControl,
  0x9301: cameraTurn,
  0x9302: focusControl,
  0x9303: apertureControl,
  0x9304: wiperControl,
  0x9305: infraredControl,
  0x9306: zoomControl,
} as const;

type ValueOf<Entry> = Entry extends MessageEntry<number, infer Value> ? Value : never;

export type MessageId = keyof typeof messages;

/** Message id → value of its body. */
export type MessageValues = { [Id in MessageId]: ValueOf<(typeof messages)[Id]> };

/** A body that was understood; a switch over `id` gives `value` its type. */
export type Reading = {
  [Id in MessageId]: {
    readonly id: Id;
    readonly name: string;
    readonly value: MessageValues[Id];
    /** Bytes behind the last field. */
    readonly surplus: number;
  };
}[MessageId];

/**
 * unknownId: not in the table · encrypted: the body is enciphered and no key was agreed · part: a sub-package, to be
 * joined first · shortBody: ends within a field.
 */
export type ReadFault = 'unknownId' | 'encrypted' | 'part' | 'shortBody';

const entries = new Map<number, MessageEntry>(Object.values(messages).map(entry => [entry.id, entry]));

/** The table's entry for an id that is only known when the program runs. */
export function messageEntry(id: number): MessageEntry | undefined {
  return entries.get(id);
}

/** Never throws, whatever the body. */
export function readMessage({ header, body }: Message, dialect: BodyDialect = standardDialect): Reading | ReadFault {
  const entry = entries.get(header.id);
  if (!entry) return 'unknownId';
  if (header.encryption !== 0) return 'encrypted';
  if (header.part && header.part.total > 1) return 'part';
  const cursor = new Cursor(body);
  try {
    const value = entry.readFrom(cursor, header.version, dialect);
    return { id: entry.id, name: entry.name, value, surplus: cursor.left } as Reading;
  } catch (thrown) {
    if (thrown instanceof ShortRead) return 'shortBody';
    throw thrown;
  }
}

/** Body of a message. @throws RangeError when a value does not fit its field */
export function writeBody<Id extends MessageId>(
  id: Id,
  value: MessageValues[Id],
  version: HeaderVersion,
  dialect: BodyDialect = standardDialect,
): Uint8Array {
  return (messages[id] as unknown as MessageEntry<Id, MessageValues[Id]>).write(value, version, dialect);
}
