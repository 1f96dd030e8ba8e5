/** All that a user is told of a view: the one place that calls the detectors. */
import { connectionInsights, type Insight, userInsights, type View } from '@quartersec/insights';

export function insightsOf(view: View): readonly Insight[] {
  return userInsights(view, connectionInsights, []).insights;
}
