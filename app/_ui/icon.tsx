import type { LucideIcon } from "lucide-react";

interface IconProps {
  readonly of: LucideIcon;
  /** Pixels; 16 where it is absent. */
  readonly size?: 16 | 14 | 12 | 10;
  /** Drawn as an area, not as an outline. */
  readonly isSolid?: boolean;
  readonly className?: string | undefined;
}

/** Stroke on lucide's 24 px grid that is drawn 1.25 px wide (--icon-stroke) at 16 px. */
const stroke = 1.875;

/** An icon beside a word that says the same; screen readers skip it. */
export function Icon({ of: Drawing, size = 16, isSolid = false, className }: IconProps) {
  const paint = isSolid ? { fill: "currentColor", strokeWidth: 0 } : { strokeWidth: (stroke * 16) / size };
  return <Drawing aria-hidden="true" size={size} className={className} {...paint} />;
}
