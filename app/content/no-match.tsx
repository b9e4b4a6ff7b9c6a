import { X } from "lucide-react";
import { Button } from "../_ui/button.tsx";
import { CratesDrawing, State } from "../_ui/states.tsx";
import { visibleText } from "../_ui/visible-text.ts";

interface NoMatchProps {
  readonly query: string;
  readonly onClear: () => void;
}

/** Blobs are stored, but none of them is wanted. */
export function NoMatch({ query, onClear }: NoMatchProps) {
  if (query === "") return <State title="No blobs" drawing={<CratesDrawing />} />;
  return (
    <State
      title="No blob matches"
      acts={
        <Button icon={X} onClick={onClear}>
          Clear query
        </Button>
      }
    >
      <code>{visibleText(query)}</code> matches none of the blobs in the chosen namespaces.
    </State>
  );
}
