"use client";
import { useEffect, useRef, useState } from "react";
import { useStore } from "../_live/hooks.ts";
import { liveIngests } from "../_live/live.ts";
import { announce } from "../_ui/announcer.tsx";
import { addNews, beforeEnds, newsBetween, noNews, wordsOfNews } from "./news.ts";

/** Says what becomes of ingests to who listens to the page. */
export function News() {
  const view = useStore(liveIngests);
  // It comes later than the page, and ingests may have ended by then.
  const [first] = useState(() => beforeEnds(view));
  const before = useRef(first);
  const untold = useRef(noNews);
  useEffect(() => {
    const news = newsBetween(before.current, view);
    before.current = view;
    const sum = addNews(untold.current, news);
    untold.current = sum;
    const words = news.ended + news.troubled > 0 ? wordsOfNews(sum) : undefined;
    if (words !== undefined) announce(words, () => (untold.current = noNews));
  }, [view]);
  return null;
}
