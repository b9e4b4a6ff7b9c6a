"use client";
import { useEffect, useState } from "react";
import type { ImageRow, Missing } from "../../content/catalog.ts";
import { missingOf } from "../../content/remote/missing.ts";
import { serverTransport } from "../_live/link.ts";
import { errorText } from "../_ui/error-text.ts";

/** What an image lacks, as far as the server told. */
export interface MissingView {
  /** Absent: it is being asked, or could not be told. */
  readonly missing?: Missing;
  /** Why it could not be told. */
  readonly problem?: string;
}

/** Keys pass many rows: an image is asked about once it is looked at for so long, in milliseconds. */
const restMs = 200;

const nothing: MissingView = {};

/** What an image lacks, asked for again whenever its row counts otherwise; what was told stays meanwhile. */
export function useMissing({ namespace, image, blobsPresent, blobsNeeded }: ImageRow): MissingView {
  const [told, setTold] = useState<{ readonly of: string; readonly view: MissingView }>();
  const { name, target } = image;
  const of = `${namespace} ${name} ${target.digest}`;
  // biome-ignore lint/correctness/useExhaustiveDependencies: other counts are another answer.
  useEffect(() => {
    const end = new AbortController();
    const tell = (view: MissingView) => end.signal.aborted || setTold({ of, view });
    const timer = setTimeout(() => {
      missingOf(serverTransport(), namespace, name, end.signal).then(
        (missing) => tell({ missing }),
        (error: unknown) => tell({ problem: errorText(error) }),
      );
    }, restMs);
    return () => {
      clearTimeout(timer);
      end.abort();
    };
  }, [of, blobsPresent, blobsNeeded]);
  return told?.of === of ? told.view : nothing;
}
