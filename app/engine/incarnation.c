/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/engine/store-incarnations.h"

OpIncarnation *
op_incarnation_new (void)
{
  OpIncarnation *incarnation = g_new0 (OpIncarnation, 1);
  g_atomic_ref_count_init (&incarnation->ref_count);
  incarnation->first_time = incarnation->last_time = OP_TIME_UNKNOWN;
  incarnation->runs = g_array_new (FALSE, FALSE, sizeof (OpRecordRun));
  incarnation->gaps = g_array_new (FALSE, FALSE, sizeof (OpGap));
  return incarnation;
}

OpIncarnation *
op_incarnation_ref (OpIncarnation *incarnation)
{
  g_atomic_ref_count_inc (&incarnation->ref_count);
  return incarnation;
}

void
op_incarnation_unref (OpIncarnation *incarnation)
{
  if (!g_atomic_ref_count_dec (&incarnation->ref_count))
    return;
  g_clear_pointer (&incarnation->table, op_table_unref);
  g_array_unref (incarnation->runs);
  g_array_unref (incarnation->gaps);
  g_free (incarnation);
}

gint64
op_incarnation_find_record (const OpIncarnation *incarnation, guint32 record)
{
  gint64 place = 0;
  for (guint i = 0; i < incarnation->runs->len; i++)
    {
      OpRecordRun run = g_array_index (incarnation->runs, OpRecordRun, i);
      if (record - run.first < run.count)
        return place + (record - run.first);
      place += run.count;
    }
  return -1;
}

guint32
op_incarnation_get_record (const OpIncarnation *incarnation, guint64 place)
{
  for (guint i = 0; i < incarnation->runs->len; i++)
    {
      OpRecordRun run = g_array_index (incarnation->runs, OpRecordRun, i);
      if (place < run.count)
        return run.first + (guint32) place;
      place -= run.count;
    }
  g_return_val_if_reached (0);
}
