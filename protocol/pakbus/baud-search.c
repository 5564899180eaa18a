/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "protocol/pakbus/baud-search-private.h"

/* At 1200 baud a question and its answer take some 400 ms. */
#define FIRST_CALL_MS  350
#define SECOND_CALL_MS 650

/* The speeds that loggers have, the usual ones first. */
static const guint speeds[] = { 115200, 57600, 38400, 19200, 9600, 4800, 2400, 1200 };

struct _PakBaudSearch
{
  PakLink            *link;
  OpTransport        *transport;
  guint16             neighbour;
  PakBaudSearchFuncs  funcs;
  gpointer            data;

  guint    first;    /* speed, which is not tried again */
  guint    next;     /* index of the speed after the one that is tried */
  guint    n_calls;  /* at this speed */
  guint64  n_noise;
  GSource *timer;
};

static gboolean on_timer_cb (gpointer data);

static void
clear_timer (PakBaudSearch *self)
{
  if (self->timer != NULL)
    g_source_destroy (self->timer);
  g_clear_pointer (&self->timer, g_source_unref);
}

static void
set_timer (PakBaudSearch *self, guint milliseconds)
{
  clear_timer (self);
  self->timer = g_timeout_source_new (milliseconds);
  g_source_set_callback (self->timer, on_timer_cb, self, NULL);
  g_source_attach (self->timer, g_main_context_get_thread_default ());
}

static void
call (PakBaudSearch *self)
{
  self->n_calls++;
  if (self->neighbour != 0)
    pak_link_send_state (self->link, PAK_LINK_RING, self->neighbour);
  /* On a line with several nodes all answer this one, maybe at the same time. */
  if (self->neighbour == 0 || self->n_calls > 1)
    pak_link_ask_who_is_there (self->link);
  set_timer (self, self->n_calls == 1 ? FIRST_CALL_MS : SECOND_CALL_MS);
}

static void
begin_speed (PakBaudSearch *self)
{
  self->n_noise += pak_link_get_n_damaged (self->link);
  pak_link_reset (self->link);
  self->n_calls = 0;
  self->funcs.trying (op_transport_get_baud (self->transport), self->data);
  call (self);
}

/* Returns: whether there is another speed, and the line has it now. */
static gboolean
change_speed (PakBaudSearch *self)
{
  while (self->next < G_N_ELEMENTS (speeds))
    {
      guint baud = speeds[self->next++];

      /* Not every adapter has every speed. */
      if (baud != self->first && op_transport_set_baud (self->transport, baud, NULL))
        return TRUE;
    }
  return FALSE;
}

static gboolean
on_timer_cb (gpointer data)
{
  PakBaudSearch *self = data;

  if (self->n_calls == 1)
    call (self);
  else if (change_speed (self))
    begin_speed (self);
  else
    {
      op_transport_set_baud (self->transport, self->first, NULL);
      self->funcs.done (FALSE, self->data);
    }
  return G_SOURCE_REMOVE;
}

PakBaudSearch *
pak_baud_search_new (PakLink *link, OpTransport *transport, guint16 neighbour, const PakBaudSearchFuncs *funcs,
                     gpointer data)
{
  PakBaudSearch *self = g_new0 (PakBaudSearch, 1);

  self->link = link;
  self->transport = transport;
  self->neighbour = neighbour;
  self->funcs = *funcs;
  self->data = data;
  self->first = op_transport_get_baud (transport);
  begin_speed (self);
  return self;
}

void
pak_baud_search_free (PakBaudSearch *self)
{
  clear_timer (self);
  g_free (self);
}

void
pak_baud_search_take_frame (PakBaudSearch *self)
{
  clear_timer (self);
  self->funcs.done (TRUE, self->data);
}

gboolean
pak_baud_search_heard_noise (PakBaudSearch *self)
{
  return self->n_noise + pak_link_get_n_damaged (self->link) > 0;
}
