/** @returns the text as it came; `null` where it is blank: then the provider says nothing */
export function statedText(text: string | null | undefined): string | null {
  return text === null || text === undefined || text.trim() === '' ? null : text;
}
