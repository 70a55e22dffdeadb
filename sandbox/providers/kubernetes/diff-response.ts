import { DiffResponse, PropertyDiff } from "@pulumi/pulumi/proto/provider_pb";
import type { Diff } from "./diff";
import type { PropertyChange } from "./objects/detailed-diff";

/** A difference as the engine reads it. */
export function diffResponse({ changes, replaces, deleteBeforeReplace }: Diff): DiffResponse {
  const changed = changes.size > 0 || replaces.length > 0;
  const response = new DiffResponse();
  response.setChanges(changed ? DiffResponse.DiffChanges.DIFF_SOME : DiffResponse.DiffChanges.DIFF_NONE);
  response.setReplacesList(replaces);
  response.setDeletebeforereplace(deleteBeforeReplace);
  response.setHasdetaileddiff(true);
  for (const [path, change] of changes) response.getDetaileddiffMap().set(path, propertyDiff(change));
  return response;
}

function propertyDiff({ change, replaces }: PropertyChange): PropertyDiff {
  const kinds = PropertyDiff.Kind;
  const kind = {
    add: replaces ? kinds.ADD_REPLACE : kinds.ADD,
    delete: replaces ? kinds.DELETE_REPLACE : kinds.DELETE,
    update: replaces ? kinds.UPDATE_REPLACE : kinds.UPDATE,
  }[change];
  const result = new PropertyDiff();
  result.setKind(kind);
  result.setInputdiff(change === "delete");
  return result;
}
