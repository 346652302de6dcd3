import { mkdir, open, rename, stat, statfs, unlink } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { ErrorCode } from '../contract.ts';
import { ConvoyError } from '../errors.ts';

/** A file that grows at its end. */
export interface RecordingFile {
  /** Writes all of it at its end. @throws ConvoyError folderGone when the file was deleted meanwhile, or a disk's code */
  append(bytes: Uint8Array): Promise<void>;
  /** Cuts off what an append that failed has left. */
  truncate(bytes: number): Promise<void>;
  /** What was written is on the medium when this resolves. */
  close(): Promise<void>;
}

/** The disk, as the recorder uses it: handed in, so that a full or a missing one can be had in a test. */
export interface RecordingFiles {
  makeFolder(path: string): Promise<void>;
  /** A new file. @throws with code `EEXIST` when there is one */
  create(path: string): Promise<RecordingFile>;
  rename(from: string, to: string): Promise<void>;
  remove(path: string): Promise<void>;
  exists(path: string): Promise<boolean>;
  /** Number of the file system that holds the folder. @throws ConvoyError folderGone when something else is in its place */
  device(path: string): Promise<number>;
  /** Bytes that this user may still write. */
  freeBytes(path: string): Promise<number>;
}

/** The machine's own disk. */
export const diskFiles: RecordingFiles = {
  makeFolder,
  create: async path => {
    const handle = await open(path, 'wx');
    let position = 0;
    return {
      append: async bytes => {
        // A deleted file takes bytes for as long as it is open, and they are lost when it closes.
        if ((await handle.stat()).nlink === 0) throw new ConvoyError('folderGone', path);
        for (let done = 0; done < bytes.length; ) {
          const { bytesWritten } = await handle.write(bytes, done, bytes.length - done, position + done);
          done += bytesWritten;
        }
        position += bytes.length;
      },
      truncate: bytes => handle.truncate(bytes),
      close: async () => {
        try {
          await handle.datasync();
        } finally {
          await handle.close();
        }
      },
    };
  },
  rename,
  remove: unlink,
  exists,
  device: async path => {
    const found = await stat(path);
    if (!found.isDirectory()) throw new ConvoyError('folderGone', `${path} is not a folder`);
    return found.dev;
  },
  freeBytes: async path => {
    const { bavail, bsize } = await statfs(path);
    return bavail * bsize;
  },
};

async function makeFolder(path: string): Promise<void> {
  try {
    await mkdir(path, { recursive: true });
  } catch (thrown) {
    // A read-only disk is ENOENT to Node 24's recursive form; the plain one says what it is.
    let missing = path;
    while (dirname(missing) !== missing && !(await exists(dirname(missing)))) missing = dirname(missing);
    await mkdir(missing);
    throw thrown;
  }
}

function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

const codes: Record<string, ErrorCode> = {
  ENOSPC: 'diskFull',
  EDQUOT: 'diskFull',
  EFBIG: 'diskFull',
  ENOENT: 'folderGone',
  ENOTDIR: 'folderGone',
  ENODEV: 'folderGone',
};

/** What a failure of the disk is called; everything that is not full or gone counts as unwritable. */
export function diskError(thrown: unknown): ConvoyError {
  if (thrown instanceof ConvoyError) return thrown;
  const code = (thrown as NodeJS.ErrnoException | undefined)?.code ?? '';
  return new ConvoyError(codes[code] ?? 'diskUnwritable', thrown instanceof Error ? thrown.message : String(thrown));
}
