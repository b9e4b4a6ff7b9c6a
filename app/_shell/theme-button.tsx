"use client";
import { Contrast, Monitor, Moon, Sun } from "lucide-react";
import type { RefObject } from "react";
import { Suspense, useState } from "react";
import { IconButton } from "../_ui/button.tsx";
import { Menu } from "../_ui/popups/index.ts";
import { useOpener } from "../_ui/use-opener.ts";
import type { Theme } from "./theme.ts";
import { readTheme, writeTheme } from "./theme.ts";

const themes = [
  { theme: "system", label: "System", icon: Monitor },
  { theme: "light", label: "Light", icon: Sun },
  { theme: "dark", label: "Dark", icon: Moon },
] as const;

/** Chooses the theme. */
export function ThemeButton({ className }: { readonly className?: string | undefined }) {
  const { anchor, isOpen, toggle, close } = useOpener();
  return (
    <>
      <IconButton
        ref={anchor}
        icon={Contrast}
        label="Theme"
        className={className}
        aria-haspopup="menu"
        aria-expanded={isOpen}
        onClick={toggle}
      />
      {isOpen && (
        <Suspense fallback={null}>
          <ThemeMenu anchor={anchor} onClose={close} />
        </Suspense>
      )}
    </>
  );
}

interface ThemeMenuProps {
  readonly anchor: RefObject<HTMLElement | null>;
  readonly onClose: () => void;
}

function ThemeMenu({ anchor, onClose }: ThemeMenuProps) {
  const [chosen, setChosen] = useState<Theme>(readTheme);
  const items = themes.map(({ theme, label, icon }) => ({
    key: theme,
    label,
    icon,
    isChosen: theme === chosen,
    onSelect: () => {
      writeTheme(theme);
      setChosen(theme);
    },
  }));
  return <Menu anchor={anchor} label="Theme" align="end" onClose={onClose} groups={[items]} />;
}
