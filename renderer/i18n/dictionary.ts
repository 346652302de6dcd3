import { createInstance, type i18n } from 'i18next';
import { initReactI18next } from 'react-i18next';
import type { Language } from '../store/preferences.ts';
import { en } from './en/words.ts';
import { zh } from './zh/words.ts';

/** The shape of a dictionary: English sets it. */
export type Words = typeof en;

declare module 'i18next' {
  interface CustomTypeOptions {
    defaultNS: 'translation';
    resources: { translation: Words };
  }
}

export const dictionaries: Record<Language, Words> = { en, zh };

/** A translator of its own, not i18next's shared one. Ready on return: the dictionaries are part of the page. */
export function createDictionary(language: Language): i18n {
  const dictionary = createInstance();
  void dictionary.use(initReactI18next).init({
    lng: language,
    fallbackLng: 'en',
    initAsync: false,
    resources: { en: { translation: en }, zh: { translation: zh } },
    // React escapes what it renders.
    interpolation: { escapeValue: false },
    react: { useSuspense: false },
    returnNull: false,
  });
  return dictionary;
}

/** The language of this computer, as far as there is a dictionary for it. */
export function systemLanguage(tags: readonly string[]): Language {
  return /^zh\b/i.test(tags[0] ?? '') ? 'zh' : 'en';
}
