import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import { type TerminalOrder, terminalOrders } from '../../electron/contract.ts';
import { Sheet } from '../dialog/Sheet.tsx';
import { plateOf } from '../fleet/rows.ts';
import { useOperations, useStation } from '../StationContext.tsx';
import './orders.css';

const orders = Object.keys(terminalOrders) as TerminalOrder[];
const withParameters: readonly TerminalOrder[] = ['upgrade', 'connectTo'];

/** 0x8105: what cannot be taken back is chosen, given a reason, and confirmed with the vehicle's own plate. */
export function ControlSheet({ vehicleId }: { vehicleId: string }) {
  const { fleet, link } = useStation();
  const operations = useOperations();
  const { t } = useTranslation();
  const vehicle = useStore(fleet, state => state.vehicles.get(vehicleId));
  const plate = vehicle ? plateOf(vehicle) : vehicleId;
  const [order, setOrder] = useState<TerminalOrder>('reset');
  const [text, setText] = useState('');
  const [reason, setReason] = useState('');
  const [typed, setTyped] = useState('');
  const [sending, setSending] = useState(false);
  const [said, setSaid] = useState<{ level: 'well' | 'red'; words: string }>();
  const online = vehicle?.state === 'online';
  const ready = online && !sending && reason.trim() !== '' && typed.trim() === plate;
  const send = async (): Promise<void> => {
    setSending(true);
    setSaid(undefined);
    const parameters = withParameters.includes(order) && text.trim() ? { parameters: text.split(';') } : {};
    const answer = await link.call('control.send', { vehicleId, order, reason: reason.trim(), ...parameters });
    setSending(false);
    setTyped('');
    if (answer.ok) {
      setSaid({ level: 'well', words: t('control.taken') });
      operations.remark('ordered', { plate });
    } else setSaid({ level: 'red', words: t('control.refused', { reason: t(`error.${answer.code}`) }) });
  };
  return (
    <Sheet title={t('control.title', { plate })} testId="dialog-control">
      <form
        className="control-form"
        onSubmit={event => {
          event.preventDefault();
          if (ready) void send();
        }}
      >
        <fieldset className="control-orders">
          <legend>{t('control.what')}</legend>
          {orders.map(each => (
            <label key={each} data-testid={`control-${each}`}>
              <input type="radio" name="order" checked={each === order} onChange={() => setOrder(each)} />
              <span>
                <b>{t(`order.${each}.name`)}</b> <span className="soft">{t(`order.${each}.doc`)}</span>
              </span>
            </label>
          ))}
        </fieldset>
        {withParameters.includes(order) && (
          <label className="control-line">
            <span>{t('control.parameters')}</span>
            <input className="field" value={text} onChange={event => setText(event.target.value)} />
            <span className="soft">{t('control.parametersHelp')}</span>
          </label>
        )}
        <label className="control-line">
          <span>{t('control.reason')}</span>
          <input
            className="field"
            value={reason}
            maxLength={500}
            data-testid="control-reason"
            onChange={event => setReason(event.target.value)}
          />
        </label>
        <label className="control-line">
          <span>{t('control.confirm', { plate })}</span>
          <input
            className="field"
            value={typed}
            autoComplete="off"
            data-testid="control-plate"
            onChange={event => setTyped(event.target.value)}
          />
        </label>
        <footer className="control-foot">
          <span role="status" data-level={said?.level} data-testid="control-said">
            {said?.words ?? (online ? '' : t('control.offline'))}
          </span>
          <button type="submit" className="button button-main" disabled={!ready} data-testid="control-send">
            {t(sending ? 'control.sending' : 'control.send')}
          </button>
        </footer>
      </form>
    </Sheet>
  );
}
