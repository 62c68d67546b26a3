// The script of a pool's thread in a page.
import { work } from "../pool-worker.js";

self.onmessage = ({ data }) => {
  work(data);
  self.close();
};
