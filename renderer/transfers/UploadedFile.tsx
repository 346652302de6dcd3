import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { UploadRow } from '../../electron/contract.ts';
import { diskSize } from '../recording/disk-size.ts';

/** Pictures without a container: nothing in a browser plays them. */
const raw = /\.(h264|264|h265|265|hevc|avc)$/i;

/** One file that a vehicle brought: saved by its name, played here where the computer can. */
export function UploadedFile({ file }: { file: UploadRow['files'][number] }) {
  const { t } = useTranslation();
  const [shown, setShown] = useState<'no' | 'opened' | 'unplayable'>('no');
  const address = file.url + location.search;
  const open = (): void => {
    if (shown !== 'no') setShown('no');
    else setShown(raw.test(file.name) ? 'unplayable' : 'opened');
  };
  return (
    <li>
      <a href={address} download={file.name.replaceAll('/', '_')}>
        {file.name}
      </a>{' '}
      <span className="soft figures">{diskSize(file.bytes)}</span>{' '}
      <button
        type="button"
        className="button button-small"
        aria-expanded={shown !== 'no'}
        data-testid="transfer-open"
        onClick={open}
      >
        {t(shown === 'no' ? 'transfers.open' : 'transfers.close')}
      </button>
      {shown === 'opened' && (
        // biome-ignore lint/a11y/useMediaCaption: what a vehicle recorded has none
        <video
          className="transfer-video"
          src={address}
          controls
          autoPlay
          data-testid="transfer-video"
          onError={() => setShown('unplayable')}
        />
      )}
      {shown === 'unplayable' && (
        <p className="warn" role="status" data-testid="transfer-unplayable">
          {t(raw.test(file.name) ? 'transfers.isRaw' : 'transfers.cannotPlay')}
        </p>
      )}
    </li>
  );
}
