/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "protocol/pakbus/windows-private.h"

struct _PakWindows
{
  PakTarget      target;
  OpTable       *table;
  PakWindowsFunc func;
  gpointer       data;
  GQueue         slots; /* Slot, in their order */
  GCancellable  *cancellable;
};

/* One window, which lives until it was both read and told or given up. */
typedef struct
{
  PakWindows *windows; /* NULL: given up */
  guint32     first;
  guint32     end;
  gboolean    is_read;
  OpChunk    *chunk;
  GError     *error;
} Slot;

static void
slot_free (Slot *slot)
{
  g_clear_pointer (&slot->chunk, op_chunk_free);
  g_clear_error (&slot->error);
  g_free (slot);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Slot, slot_free)

static void
windows_clear (gpointer data)
{
  PakWindows *self = data;

  op_table_unref (self->table);
  g_object_unref (self->cancellable);
}

static void
tell (PakWindows *windows)
{
  g_autoptr (GCancellable) generation = g_object_ref (windows->cancellable);
  PakWindows *self = g_rc_box_acquire (windows);
  Slot *first;

  while (!g_cancellable_is_cancelled (generation) && (first = g_queue_peek_head (&self->slots)) != NULL
         && first->is_read)
    {
      g_autoptr (Slot) slot = g_queue_pop_head (&self->slots);

      self->func (slot->first, slot->end, g_steal_pointer (&slot->chunk), g_steal_pointer (&slot->error), self->data);
    }
  g_rc_box_release_full (self, windows_clear);
}

static void
on_read_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  Slot *slot = data;

  slot->chunk = pak_read_window_finish (PAK_SESSION (source), result, &slot->error);
  slot->is_read = TRUE;
  if (slot->windows != NULL)
    tell (slot->windows);
  else
    slot_free (slot);
}

static void
read_slot (PakWindows *self, Slot *slot, OpTime time)
{
  const PakCollectRequest request = { .mode = PAK_COLLECT_RECORDS, .p1 = slot->first, .p2 = slot->end };
  const PakExpectation expectation = { .knows_first = TRUE, .first = slot->first, .time = time };

  pak_read_window_async (&self->target, self->table, &request, &expectation, self->cancellable, on_read_cb, slot);
}

static Slot *
slot_new (PakWindows *self, guint32 first, guint32 end)
{
  Slot *slot = g_new0 (Slot, 1);

  slot->windows = self;
  slot->first = first;
  slot->end = end;
  return slot;
}

PakWindows *
pak_windows_new (const PakTarget *target, OpTable *table, PakWindowsFunc func, gpointer data)
{
  PakWindows *self = g_rc_box_new0 (PakWindows);

  self->target = *target;
  self->table = op_table_ref (table);
  self->func = func;
  self->data = data;
  g_queue_init (&self->slots);
  self->cancellable = g_cancellable_new ();
  return self;
}

void
pak_windows_free (PakWindows *self)
{
  pak_windows_clear (self);
  g_rc_box_release_full (self, windows_clear);
}

void
pak_windows_append (PakWindows *self, guint32 first, guint32 end, OpTime time)
{
  Slot *slot = slot_new (self, first, end);

  g_queue_push_tail (&self->slots, slot);
  read_slot (self, slot, time);
}

void
pak_windows_prepend (PakWindows *self, guint32 first, guint32 end, OpTime time)
{
  Slot *slot = slot_new (self, first, end);

  g_queue_push_head (&self->slots, slot);
  read_slot (self, slot, time);
}

guint
pak_windows_get_length (const PakWindows *self)
{
  return self->slots.length;
}

void
pak_windows_clear (PakWindows *self)
{
  Slot *slot;

  while ((slot = g_queue_pop_head (&self->slots)) != NULL)
    {
      slot->windows = NULL;
      if (slot->is_read)
        slot_free (slot);
    }
  g_cancellable_cancel (self->cancellable);
  g_object_unref (self->cancellable);
  self->cancellable = g_cancellable_new ();
}
