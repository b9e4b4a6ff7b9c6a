"use client";
import { Monitor, Moon, Sun } from "lucide-react";
import type { RefObject } from "react";
import { useStore } from "../_live/hooks.ts";
import { Menu } from "../_ui/popups/index.ts";
import { themeSetting } from "./theme.ts";

const themes = [
  { theme: "system", label: "System", icon: Monitor },
  { theme: "light", label: "Light", icon: Sun },
  { theme: "dark", label: "Dark", icon: Moon },
] as const;

interface ThemeMenuProps {
  readonly anchor: RefObject<HTMLElement | null>;
  readonly onClose: () => void;
}

/** The themes, and which one is chosen. */
export function ThemeMenu({ anchor, onClose }: ThemeMenuProps) {
  const chosen = useStore(themeSetting);
  const items = themes.map(({ theme, label, icon }) => ({
    key: theme,
    label,
    icon,
    isChosen: theme === chosen,
    onSelect: () => themeSetting.set(theme),
  }));
  return <Menu anchor={anchor} label="Theme" align="end" onClose={onClose} groups={[items]} />;
}
