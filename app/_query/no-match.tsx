import { X } from "lucide-react";
import { Button } from "../_ui/button.tsx";
import { formatCounted } from "../_ui/format.ts";
import { CratesDrawing, State } from "../_ui/states.tsx";
import { visibleText } from "../_ui/visible-text.ts";

interface NoMatchProps {
  /** One such row, such as `blob`. */
  readonly noun: string;
  readonly query: string;
  /** The token that keeps the most rows away, where that is known. */
  readonly excluding?: { readonly token: string; readonly rest: string; readonly count: number } | undefined;
  readonly onQuery: (query: string) => void;
}

/** There are rows, but none of them is wanted. */
export function NoMatch({ noun, query, excluding, onQuery }: NoMatchProps) {
  if (query === "") return <State title={`No ${noun}s`} drawing={<CratesDrawing />} />;
  return (
    <State
      title={`No ${noun} matches`}
      acts={
        <>
          {excluding && excluding.rest !== "" && (
            <Button icon={X} onClick={() => onQuery(excluding.rest)}>
              Without {visibleText(excluding.token)}
            </Button>
          )}
          <Button icon={X} onClick={() => onQuery("")}>
            Clear query
          </Button>
        </>
      }
    >
      <code>{visibleText(query)}</code> matches none of the {noun}s in the chosen namespaces.
      {excluding && (
        <>
          {" "}
          Without <code>{visibleText(excluding.token)}</code> there {excluding.count === 1 ? "is" : "are"}{" "}
          {formatCounted(excluding.count, noun)}.
        </>
      )}
    </State>
  );
}
