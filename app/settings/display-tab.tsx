"use client";
import { announcementsSetting, densitySetting, zoneSetting } from "../_settings/display.ts";
import { themeSetting } from "../_shell/theme.ts";
import { formatBytes } from "../_ui/format.ts";
import { Choice, Reset } from "./choice.tsx";
import styles from "./settings.module.css";

/** A size that reads otherwise in decimal units, in bytes. */
const exampleBytes = 1_331_439_861;

/** How this browser shows the pages. */
export function DisplayTab() {
  return (
    <div className={styles.part}>
      <Choice legend="Theme" setting={themeSetting} words={{ system: "As the system", light: "Light", dark: "Dark" }} />
      <Choice
        legend="Rows"
        setting={densitySetting}
        words={{ comfortable: "Comfortable, 32 px", compact: "Compact, 28 px" }}
        hint="Where a page is narrow, rows are cards of two lines."
      />
      <Choice
        legend="Time of day"
        setting={zoneSetting}
        words={{ local: "Of this machine", utc: "UTC" }}
        hint="Point at a time to see the moment in both."
      />
      <Choice
        legend="Announcements"
        setting={announcementsSetting}
        words={{ on: "On", off: "Off" }}
        hint="What happens on a page, for screen readers: one sentence in 5 s at most."
      />
      <div className={styles.field}>
        <span>
          <b>Units</b>
        </span>
        <span>
          Always powers of 1024: {exampleBytes.toLocaleString("en")} bytes are {formatBytes(exampleBytes)}.
        </span>
      </div>
      <Reset settings={[themeSetting, densitySetting, zoneSetting, announcementsSetting]}>Reset display</Reset>
    </div>
  );
}
