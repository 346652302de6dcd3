import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import type { Vehicle } from '../../electron/contract.ts';
import { dateTimeWords } from '../i18n/age.ts';
import { useStation } from '../StationContext.tsx';

/** What the recorder says of itself. */
export function VehicleFacts({ vehicle }: { vehicle: Vehicle }) {
  const { preferences } = useStation();
  const { t } = useTranslation();
  const language = useStore(preferences, state => state.language);
  const { capabilities } = vehicle;
  const unknown = t('figure.unknown');
  const facts: [string, string][] = [
    [t('vehicle.plate'), vehicle.plate || unknown],
    [t('vehicle.id'), vehicle.id],
    [t('vehicle.headerId'), vehicle.headerId],
    [t('vehicle.maker'), vehicle.maker || unknown],
    [t('vehicle.model'), vehicle.model || unknown],
    [t('vehicle.version'), `JT/T 808-${vehicle.version}`],
    [t('vehicle.remote'), vehicle.remote || unknown],
    [t('vehicle.firstSeen'), dateTimeWords(vehicle.firstSeenAt, language)],
    [t('vehicle.lastSeen'), dateTimeWords(vehicle.lastSeenAt, language)],
  ];
  if (capabilities) {
    const { audioPayloadType, audioSampleRate, audioChannels, videoPayloadType, maxVideoChannels, maxAudioChannels } =
      capabilities;
    facts.push(
      [t('vehicle.video'), t('vehicle.payload', { type: videoPayloadType })],
      [
        t('vehicle.audio'),
        `${t('vehicle.payload', { type: audioPayloadType })}, ${audioSampleRate} Hz × ${audioChannels}`,
      ],
      [t('vehicle.channels'), `${maxVideoChannels} / ${maxAudioChannels}`],
    );
  }
  return (
    <section className="vehicle-facts">
      <h3>{t('vehicle.facts')}</h3>
      <dl className="facts">
        {facts.map(([name, value]) => (
          <div key={name} className="fact">
            <dt>{name}</dt>
            <dd className="figures">{value}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
