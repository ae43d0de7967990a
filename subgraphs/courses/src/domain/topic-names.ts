/** Characters of a topic's name. */
export const maxTopicCharacters = 20;

/** A name as it is shown: without the marks around it and needless blanks. */
export function topicName(text: string): string {
  return text
    .normalize('NFKC')
    .replace(/^[#\s]+|[#\s]+$/g, '')
    .replace(/\s+/g, ' ');
}

/** What makes two spellings one topic. */
export function topicKey(text: string): string {
  return topicName(text).toLowerCase();
}
