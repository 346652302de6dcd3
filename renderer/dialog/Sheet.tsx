import { Dialog } from 'radix-ui';
import { type ReactNode, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { useOperations } from '../StationContext.tsx';
import './dialog.css';

/**
 * A dialog over the wall. It draws its own backdrop: radix's overlay locks scrolling with a style sheet that the page's policy
 * refuses, and nothing behind it scrolls anyway. The pictures go on.
 */
export function Sheet(props: {
  title: string;
  wide?: boolean;
  testId: string;
  actions?: ReactNode;
  children: ReactNode;
}) {
  const operations = useOperations();
  const { t } = useTranslation();
  const body = useRef<HTMLDivElement>(null);
  return (
    <Dialog.Root open onOpenChange={open => !open && operations.closeDialog()}>
      <Dialog.Portal>
        <div className="backdrop" />
        <Dialog.Content
          className="sheet"
          data-wide={props.wide || undefined}
          data-testid={props.testId}
          aria-describedby={undefined}
          onOpenAutoFocus={event => {
            // The text, not the button that closes it: arrow keys then scroll at once.
            event.preventDefault();
            body.current?.focus();
          }}
        >
          <header className="sheet-head">
            <Dialog.Title>{props.title}</Dialog.Title>
            {props.actions}
            <Dialog.Close className="icon-button" aria-label={t('dialog.close')} data-testid="dialog-close">
              <span aria-hidden="true">×</span>
            </Dialog.Close>
          </header>
          <div ref={body} className="sheet-body" tabIndex={-1}>
            {props.children}
          </div>
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
