import type { IncomingMessage } from 'node:http';

/**
 * A request's body as JSON; an empty one is undefined.
 * @returns undefined where it is too long, breaks off, or is no JSON
 */
export async function readJson(request: IncomingMessage, maxBytes: number): Promise<{ value: unknown } | undefined> {
  const chunks: Buffer[] = [];
  let length = 0;
  try {
    for await (const chunk of request as AsyncIterable<Buffer>) {
      length += chunk.length;
      // What is too long is read to its end, so that the answer arrives, and not kept.
      if (length <= maxBytes) chunks.push(chunk);
    }
    if (length > maxBytes) return undefined;
    const text = Buffer.concat(chunks).toString('utf8');
    return { value: text.trim() === '' ? undefined : (JSON.parse(text) as unknown) };
  } catch {
    return undefined;
  }
}
