import { describe, expect, it } from 'vitest';
import { overrideOf } from '../../electron/device/sound-override.ts';

describe('overrideOf', () => {
  it('leaves alone what is not named, and says nothing once everything is found out again', () => {
    const law = overrideOf(undefined, { law: 'mu' })!;
    expect(law).toEqual({ law: 'mu', g726Order: 'auto', g726Rate: 'auto' });
    const both = overrideOf(law, { g726Rate: 24 })!;
    expect(both).toEqual({ law: 'mu', g726Order: 'auto', g726Rate: 24 });
    expect(overrideOf(both, { law: 'auto' })).toEqual({ law: 'auto', g726Order: 'auto', g726Rate: 24 });
    expect(overrideOf(both, { law: 'auto', g726Rate: 'auto' })).toBeUndefined();
  });
});
