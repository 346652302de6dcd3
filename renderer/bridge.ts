import {
  type ControlUp,
  type MediaDown,
  type MediaUp,
  portMessage,
  type TalkDown,
  type TalkUp,
} from '../electron/contract.ts';
import type { Way } from './link.ts';

/** What the preload puts into the page of the desktop application. */
interface Preload {
  /** Asks for a control port; it is posted into the page under the name `portMessage`. */
  connect(): void;
  /** Tells the shell the operator's language, for its menu. */
  language?(code: string): void;
  /** Shows a file that this page saved in its folder. */
  showSaved?(name: string): void;
}

declare global {
  interface Window {
    convoy?: Preload;
  }
}

/**
 * Opens a control port: the preload's where there is a preload, else the web door that served the page. This file alone
 * knows how the server is reached; behind it there are MessagePorts, whichever way it was.
 * Rejects when the server cannot be reached now; `lost` is called when a WebSocket behind the port has closed.
 */
export function openPort(lost: () => void): Promise<Way> {
  const preload = window.convoy;
  return preload ? openPreloadPort(preload) : openWebPort(lost);
}

/** The desktop application knows where a saved file lies; a browser keeps that to itself. */
export function canShowSaved(): boolean {
  return window.convoy?.showSaved !== undefined;
}

/** @param name as `saveFile` gave it, or the `url` of an exported file */
export function showSaved(name: string): void {
  window.convoy?.showSaved?.(name);
}

function openPreloadPort(preload: Preload): Promise<Way> {
  return new Promise((resolve, reject) => {
    const giveUp = setTimeout(() => {
      window.removeEventListener('message', take);
      reject(new Error('no control port came'));
    }, 5000);
    const take = (event: MessageEvent): void => {
      // The preload posts from this very window; a frame or an opener would be another source.
      if (event.source !== window || event.data !== portMessage || !event.ports[0]) return;
      clearTimeout(giveUp);
      window.removeEventListener('message', take);
      const port = event.ports[0];
      resolve({ port, close: () => port.close() });
    };
    window.addEventListener('message', take);
    preload.connect();
  });
}

/** Address of the map's streets, relative to the page: the shell and the web door both serve it there. */
export function mapTiles(): string {
  const address = new URL('map/tiles.pmtiles', location.href);
  address.search = location.search;
  return address.href;
}

/**
 * Bytes `from` to `to` (not included) of a recorded file. The address is relative to the page: the shell and the web door
 * both serve it there. Rejects when the server does not give exactly these bytes.
 */
export async function fetchSegment(
  segment: number,
  from: number,
  to: number,
  signal: AbortSignal,
): Promise<ArrayBuffer> {
  const address = new URL(`recordings/segments/${segment}`, location.href);
  address.search = location.search;
  const response = await fetch(address, { headers: { range: `bytes=${from}-${to - 1}` }, signal, cache: 'no-store' });
  if (!response.ok) throw new Error(`segment ${segment}: ${response.status}`);
  const body = await response.arrayBuffer();
  const bytes = response.status === 206 ? body : body.slice(from, to);
  if (bytes.byteLength !== to - from) throw new Error(`segment ${segment}: ${bytes.byteLength} bytes`);
  return bytes;
}

/** A trace that the server made, as a file. @param url as `trace.export` names it. Rejects when it cannot be had whole */
export async function fetchTrace(url: string): Promise<Blob> {
  const address = new URL(url, location.href);
  address.search = location.search;
  const response = await fetch(address, { cache: 'no-store' });
  if (!response.ok) throw new Error(`${url}: ${response.status}`);
  return response.blob();
}

const headerBytes = 32;
const layout = 1;
const kindVideo = 1;
const kindAudio = 2;
const kindSound = 3;
const flagKey = 1;
const flagCached = 2;

/**
 * A control port over `/ws/console` (docs/web-door.md). What comes out are real MessagePorts, so that nobody behind them
 * can tell a browser from the desktop application, and a worker can own one.
 */
function openWebPort(lost: () => void): Promise<Way> {
  const address = new URL('ws/console', location.href);
  address.protocol = location.protocol === 'https:' ? 'wss:' : 'ws:';
  address.search = location.search;
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(address);
    socket.binaryType = 'arraybuffer';
    socket.onopen = () => resolve({ port: new WebLink(socket, lost).control, close: () => socket.close() });
    socket.onclose = () => reject(new Error('the web door is closed'));
  });
}

class WebLink {
  readonly control: MessagePort;
  readonly #socket: WebSocket;
  readonly #near: MessagePort;
  readonly #media = new Map<number, MessagePort>();

  constructor(socket: WebSocket, lost: () => void) {
    const { port1, port2 } = new MessageChannel();
    this.control = port2;
    this.#near = port1;
    this.#socket = socket;
    port1.onmessage = event => this.#send(event.data as ControlUp);
    socket.onmessage = event => this.#receive(event.data as string | ArrayBuffer);
    socket.onclose = () => {
      this.#end();
      lost();
    };
  }

  #send(message: ControlUp | { type: 'media'; subscription: number; message: MediaUp | TextUp }): void {
    if (this.#socket.readyState === WebSocket.OPEN) this.#socket.send(JSON.stringify(message));
  }

  #receive(data: string | ArrayBuffer): void {
    if (typeof data !== 'string') {
      this.#receiveBinary(data);
      return;
    }
    const message = JSON.parse(data) as { type: string; subscription?: number; message?: MediaDown };
    if (message.type === 'port') this.#openMedia(Number(message.subscription));
    else if (message.type === 'media' && message.message)
      this.#receiveMedia(Number(message.subscription), message.message);
    else this.#near.postMessage(message);
  }

  #openMedia(subscription: number): void {
    const { port1, port2 } = new MessageChannel();
    this.#media.set(subscription, port1);
    port1.onmessage = event => {
      const message = event.data as MediaUp | TalkUp;
      this.#send({ type: 'media', subscription, message: message.type === 'sound' ? inText(message) : message });
      if (message.type === 'close') this.#closeMedia(subscription);
    };
    port1.addEventListener('close', () => {
      if (!this.#media.has(subscription)) return;
      this.#send({ type: 'media', subscription, message: { type: 'close' } });
      this.#closeMedia(subscription);
    });
    this.#near.postMessage({ type: 'port', subscription }, [port2]);
  }

  #receiveMedia(subscription: number, message: MediaDown): void {
    const port = this.#media.get(subscription);
    if (!port) return;
    if (message.type === 'start') {
      // On this wire the sets are base64, see docs/web-door.md.
      const sets = message.parameterSets as unknown as string[];
      port.postMessage({ ...message, parameterSets: sets.map(fromBase64) } satisfies MediaDown);
    } else port.postMessage(message);
    if (message.type === 'end') this.#closeMedia(subscription);
  }

  #receiveBinary(buffer: ArrayBuffer): void {
    if (buffer.byteLength < headerBytes) return;
    const view = new DataView(buffer);
    if (view.getUint8(0) !== layout) return;
    const port = this.#media.get(view.getUint32(4));
    if (!port) return;
    const kind = view.getUint8(1);
    const flags = view.getUint8(2);
    const seq = view.getUint32(8);
    const ptsMs = view.getFloat64(16);
    const receivedAt = view.getFloat64(24);
    const data = new Uint8Array(buffer.slice(headerBytes));
    if (kind === kindVideo) {
      const frame: MediaDown = {
        type: 'frame',
        seq,
        key: (flags & flagKey) !== 0,
        cached: (flags & flagCached) !== 0,
        ptsMs,
        receivedAt,
        data,
      };
      port.postMessage(frame, [data.buffer]);
    } else if (kind === kindAudio) {
      const audio: MediaDown = { type: 'audio', seq, payloadType: view.getUint8(3), ptsMs, receivedAt, data };
      port.postMessage(audio, [data.buffer]);
    } else if (kind === kindSound) {
      const sound: TalkDown = { type: 'sound', seq, payloadType: view.getUint8(3), ptsMs, receivedAt, data };
      port.postMessage(sound, [data.buffer]);
    }
  }

  #closeMedia(subscription: number): void {
    this.#media.get(subscription)?.close();
    this.#media.delete(subscription);
  }

  #end(): void {
    for (const subscription of [...this.#media.keys()]) this.#closeMedia(subscription);
    this.#near.close();
  }
}

type TextUp = Exclude<TalkUp, { type: 'sound' }> | { type: 'sound'; data: string };

/** Samples as base64, little-endian whatever this computer is. */
function inText({ data }: TalkUp & { type: 'sound' }): TextUp {
  let text = '';
  for (const sample of data) text += String.fromCharCode(sample & 0xff, (sample >> 8) & 0xff);
  return { type: 'sound', data: btoa(text) };
}

function fromBase64(text: string): Uint8Array {
  return Uint8Array.from(atob(text), char => char.charCodeAt(0));
}
