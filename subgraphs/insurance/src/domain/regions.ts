/** ISO 3166-2, or ISO 3166-1 alone. */
export const regionCodePattern = /^[A-Z]{2}(-[A-Z0-9]{1,3})?$/;

/** Whether a region lies in a list of regions and countries; an empty list is everywhere. */
export function coversRegion(regions: readonly string[], regionCode: string): boolean {
  const [country = ''] = regionCode.split('-');
  return regions.length === 0 || regions.includes(regionCode) || regions.includes(country);
}
