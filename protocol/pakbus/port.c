/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "protocol/pakbus/port-private.h"

#include "protocol/pakbus/baud-search-private.h"
#include "protocol/pakbus/hub-private.h"
#include "protocol/pakbus/node-private.h"
#include "protocol/transport/wake-source-private.h"

#define MSG_HELLO          0x09
#define MSG_HELLO_RESPONSE 0x89
#define RESPONSE_BIT       0x80 /* of a message type */

/* How soon after something was said it is looked at whether the link is idle, in µs. */
#define DUTY_INTERVAL G_USEC_PER_SEC

struct _PakPort
{
  grefcount    ref_count;
  OpTransport *transport;
  guint16      own_address;
  gulong       received_handler;
  gulong       closed_handler;
  PakLink     *link;
  PakExchange *exchange;
  char        *line;    /* that it is shared for; NULL: not shared */
  GPtrArray   *users;   /* PakPortUser, theirs */
  PakCaller    keeper;  /* asks whether neighbours are still there */
  GSource     *duties;

  GTask         *opening;  /* of the transport, or the search that follows */
  GPtrArray     *openings; /* GTask of those who wait for it; its data is the user */
  gboolean       is_open;
  gboolean       find_baud;
  PakBaudSearch *search;
};

/* Telling users */

typedef void (*TellFunc) (const PakPortUser *user, gconstpointer what);

/* Tells those who are users now, unless they have left by then. */
static void
tell_users (PakPort *self, TellFunc tell, gconstpointer what)
{
  g_autoptr (GPtrArray) users = g_ptr_array_copy (self->users, NULL, NULL);

  for (guint i = 0; i < users->len; i++)
    if (g_ptr_array_find (self->users, users->pdata[i], NULL))
      tell (users->pdata[i], what);
}

static void
tell_connected (const PakPortUser *user, gconstpointer what)
{
  user->funcs->connected (user->data);
}

static void
tell_baud (const PakPortUser *user, gconstpointer baud)
{
  user->funcs->trying_baud (*(const guint *) baud, user->data);
}

static void
tell_closed (const PakPortUser *user, gconstpointer error)
{
  user->funcs->closed (error, user->data);
}

typedef struct
{
  const PakPacket *packet;
  gboolean         for_us;
} Heard;

static void
tell_packet (const PakPortUser *user, gconstpointer what)
{
  const Heard *heard = what;

  user->funcs->packet (heard->packet, heard->for_us, user->data);
}

typedef struct
{
  guint16       neighbour;
  const GError *error;
} Loss;

static void
tell_loss (const PakPortUser *user, gconstpointer what)
{
  const Loss *loss = what;

  if (user->caller.neighbour == loss->neighbour)
    user->funcs->closed (loss->error, user->data);
}

/* Link states */

static void
look_at_duties_at (PakPort *self, gint64 when)
{
  gint64 ready = g_source_get_ready_time (self->duties);

  if (ready < 0 || when < ready)
    g_source_set_ready_time (self->duties, when);
}

static void
on_verified_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (PakPort) self = data;
  PakTransaction *transaction = g_task_get_task_data (G_TASK (result));
  PakNeighbour *neighbour = pak_exchange_find_neighbour (self->exchange, transaction->neighbour);
  g_autoptr (GError) error = NULL;

  if (neighbour != NULL)
    neighbour->is_being_verified = FALSE;
  if (!g_task_propagate_boolean (G_TASK (result), &error)
      && (g_error_matches (error, PAK_ERROR, PAK_ERROR_TIMED_OUT)
          || g_error_matches (error, PAK_ERROR, PAK_ERROR_NOISE)))
    {
      const Loss loss = { transaction->neighbour, error };

      tell_users (self, tell_loss, &loss);
    }
}

/* As patient as those who use it. */
static gint64
get_first_timeout (PakPort *self, const PakNeighbour *neighbour)
{
  for (guint i = 0; i < self->users->len; i++)
    {
      const PakPortUser *user = self->users->pdata[i];

      if (user->caller.neighbour == neighbour->address)
        return user->caller.first_timeout;
    }
  return self->keeper.first_timeout;
}

static void
verify (PakPort *self, const PakNeighbour *neighbour)
{
  GTask *task = g_task_new (NULL, NULL, on_verified_cb, pak_port_ref (self));
  PakTransaction *transaction = pak_transaction_new (pak_node_new_hello (), neighbour->address, neighbour->address,
                                                     PAK_REPEAT_NEW_NUMBER);

  g_task_set_task_data (task, transaction, (GDestroyNotify) pak_transaction_free);
  self->keeper.first_timeout = get_first_timeout (self, neighbour);
  pak_exchange_add (self->exchange, &self->keeper, transaction, task);
}

static void
do_duty (PakPort *self, PakNeighbour *neighbour, gint64 now)
{
  gint64 next;

  switch (pak_neighbour_get_duty (neighbour, pak_exchange_is_busy (self->exchange, neighbour->address), now, &next))
    {
    case PAK_NEIGHBOUR_FINISH:
      pak_link_send_finished (self->link, neighbour->address);
      break;
    case PAK_NEIGHBOUR_VERIFY:
      verify (self, neighbour);
      break;
    case PAK_NEIGHBOUR_REST:
      break;
    }
  if (next < G_MAXINT64)
    look_at_duties_at (self, next);
}

static gboolean
on_duties_cb (gpointer data)
{
  g_autoptr (PakPort) self = pak_port_ref (data);
  g_autoptr (GList) neighbours = g_hash_table_get_values (self->exchange->neighbours);
  gint64 now = g_get_monotonic_time ();

  for (GList *link = neighbours; link != NULL; link = link->next)
    do_duty (self, link->data, now);
  return G_SOURCE_CONTINUE;
}

/* What comes in */

static gboolean
is_for_us (PakPort *self, const PakPacket *packet)
{
  if (packet->dst_phy != self->own_address && packet->dst_phy != PAK_BROADCAST)
    return FALSE;
  return !packet->has_header || packet->dst_node == self->own_address || packet->dst_node == PAK_BROADCAST;
}

static void
learn_from_hello (PakNeighbour *neighbour, const PakPacket *packet)
{
  g_autoptr (PakMessage) hello = NULL;

  if (packet->message == NULL || packet->protocol != PAK_PROTOCOL_PAKCTRL || packet->src_node != neighbour->address
      || (packet->type != MSG_HELLO && packet->type != MSG_HELLO_RESPONSE))
    return;
  hello = pak_message_decode (packet->protocol, packet->message, packet->length, NULL);
  if (hello != NULL)
    neighbour->verify_interval = pak_message_get_uint (hello, "VerifyIntv");
}

/* Returns: whether requests that waited for it have gone out. */
static gboolean
take_link_state (PakPort *self, const PakPacket *packet)
{
  PakNeighbour *neighbour = pak_exchange_find_neighbour (self->exchange, packet->src_phy);
  gint64 now = g_get_monotonic_time ();

  if (neighbour == NULL)
    return FALSE;
  look_at_duties_at (self, now + DUTY_INTERVAL);
  /* What is said to all, a beacon for one, tells only that it is there. */
  neighbour->heard_at = now;
  if (packet->dst_phy != self->own_address)
    return FALSE;
  pak_neighbour_take_packet (neighbour, packet, pak_exchange_is_busy (self->exchange, packet->src_phy), now);
  learn_from_hello (neighbour, packet);
  return neighbour->state == PAK_LINK_READY && pak_exchange_take_ready (self->exchange, neighbour);
}

static void
answer (PakPort *self, const PakPacket *packet)
{
  gboolean is_busy = pak_exchange_is_busy (self->exchange, packet->src_phy);
  gboolean has_sent = take_link_state (self, packet);

  if (packet->message == NULL)
    {
      /* A message says as well as a bare packet that we are ready (pakbus-facts A6). */
      if (!has_sent)
        pak_node_answer_state (self->link, self->own_address, is_busy, packet);
    }
  else if ((packet->type & RESPONSE_BIT) != 0)
    pak_exchange_take_response (self->exchange, packet);
  else
    pak_node_answer_command (self->link, self->own_address, &self->exchange->numbers, packet);
}

static void
on_packet_cb (const PakPacket *packet, gpointer data)
{
  PakPort *self = data;
  Heard heard = { packet, FALSE };

  if (!self->is_open)
    return;
  if (packet == NULL)
    {
      pak_exchange_take_damage (self->exchange);
      return;
    }
  /* Adapters to a pair of wires hear what they send. */
  if (packet->src_phy == self->own_address)
    return;
  heard.for_us = is_for_us (self, packet);
  if (self->search != NULL)
    pak_baud_search_take_frame (self->search);
  tell_users (self, tell_packet, &heard);
  if (heard.for_us && self->is_open)
    answer (self, packet);
}

static void
on_received_cb (OpTransport *transport, GBytes *bytes, gpointer data)
{
  /* Who is answered may drop the port. */
  g_autoptr (PakPort) self = pak_port_ref (data);

  if (self->is_open)
    pak_link_receive (self->link, bytes);
}

/* Opening and closing */

static void
shut (PakPort *self)
{
  if (self->is_open)
    pak_caller_leave (&self->keeper, "The line was closed");
  self->is_open = FALSE;
  g_clear_pointer (&self->search, pak_baud_search_free);
  g_clear_object (&self->opening);
  if (self->line != NULL)
    pak_hub_remove (self->line, self);
  g_clear_pointer (&self->line, g_free);
}

static void
on_closed_cb (OpTransport *transport, GError *error, gpointer data)
{
  g_autoptr (PakPort) self = pak_port_ref (data);

  if (!self->is_open)
    return;
  shut (self);
  tell_users (self, tell_closed, error);
}

static void
finish_opening (PakPort *self, const GError *error)
{
  g_autoptr (GPtrArray) openings = g_steal_pointer (&self->openings);

  self->openings = g_ptr_array_new_with_free_func (g_object_unref);
  g_clear_object (&self->opening);
  if (error != NULL)
    {
      shut (self);
      op_transport_close (self->transport);
    }
  for (guint i = 0; i < openings->len; i++)
    {
      if (error != NULL)
        g_task_return_error (openings->pdata[i], g_error_copy (error));
      else
        g_task_return_boolean (openings->pdata[i], TRUE);
    }
}

static void
on_trying_baud_cb (guint baud, gpointer data)
{
  tell_users (data, tell_baud, &baud);
}

static void
on_search_done_cb (gboolean found, gpointer data)
{
  PakPort *self = data;
  gboolean heard_noise = pak_baud_search_heard_noise (self->search);
  g_autoptr (GError) error = NULL;

  g_clear_pointer (&self->search, pak_baud_search_free);
  if (!found && heard_noise)
    error = g_error_new_literal (PAK_ERROR, PAK_ERROR_NOISE, "Damaged frames came at all speeds of the line");
  else if (!found)
    error = g_error_new_literal (PAK_ERROR, PAK_ERROR_TIMED_OUT, "Nobody was heard at any speed of the line");
  finish_opening (self, error);
}

static void
start_search (PakPort *self)
{
  static const PakBaudSearchFuncs funcs = { on_trying_baud_cb, on_search_done_cb };
  guint16 wanted = ((const PakPortUser *) self->users->pdata[0])->wanted;

  self->search = pak_baud_search_new (self->link, self->transport, wanted, &funcs, self);
}

static void
on_transport_opened_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) opening = data;
  g_autoptr (PakPort) self = pak_port_ref (g_task_get_task_data (opening));
  g_autoptr (GError) error = NULL;

  op_transport_open_finish (OP_TRANSPORT (source), result, &error);
  if (self->opening != opening) /* nobody wants it any more */
    return;
  if (error != NULL)
    {
      finish_opening (self, error);
      return;
    }

  self->is_open = TRUE;
  pak_link_reset (self->link);
  pak_exchange_reset (self->exchange);
  pak_caller_join (&self->keeper, self->exchange);
  tell_users (self, tell_connected, NULL);
  if (!self->is_open)
    return;
  if (self->find_baud)
    start_search (self);
  else
    finish_opening (self, NULL);
}

static void
open_transport (PakPort *self)
{
  g_autoptr (GTask) opening = g_task_new (NULL, NULL, NULL, NULL);

  g_task_set_task_data (opening, pak_port_ref (self), (GDestroyNotify) pak_port_unref);
  self->opening = g_object_ref (opening);
  op_transport_open_async (self->transport, NULL, on_transport_opened_cb, g_steal_pointer (&opening));
}

PakPort *
pak_port_new (OpTransport *transport, guint16 own_address)
{
  PakPort *self = g_new0 (PakPort, 1);

  g_ref_count_init (&self->ref_count);
  self->transport = g_object_ref (transport);
  self->own_address = own_address;
  self->link = pak_link_new (transport, own_address, on_packet_cb, self);
  self->exchange = pak_exchange_new (self->link, transport, own_address);
  self->users = g_ptr_array_new ();
  self->openings = g_ptr_array_new_with_free_func (g_object_unref);
  self->duties = op_wake_source_attach (on_duties_cb, self);
  pak_caller_init (&self->keeper);
  self->received_handler = g_signal_connect (transport, "received", G_CALLBACK (on_received_cb), self);
  self->closed_handler = g_signal_connect (transport, "closed", G_CALLBACK (on_closed_cb), self);
  return self;
}

PakPort *
pak_port_ref (PakPort *self)
{
  g_ref_count_inc (&self->ref_count);
  return self;
}

void
pak_port_unref (PakPort *self)
{
  if (!g_ref_count_dec (&self->ref_count))
    return;
  g_signal_handler_disconnect (self->transport, self->received_handler);
  g_signal_handler_disconnect (self->transport, self->closed_handler);
  g_source_destroy (self->duties);
  g_source_unref (self->duties);
  g_ptr_array_unref (self->openings);
  g_ptr_array_unref (self->users);
  pak_exchange_unref (self->exchange);
  pak_link_free (self->link);
  g_object_unref (self->transport);
  g_free (self);
}

PakPort *
pak_port_share (PakPort *own, const char *line)
{
  PakPort *shared = pak_hub_find (line);

  if (shared != NULL)
    return pak_port_ref (shared);
  own->line = g_strdup (line);
  pak_hub_add (line, own);
  return pak_port_ref (own);
}

void
pak_port_set_find_baud (PakPort *self, gboolean find_baud)
{
  self->find_baud = find_baud;
}

void
pak_port_open_async (PakPort *self, PakPortUser *user, GAsyncReadyCallback callback, gpointer data)
{
  GTask *task = g_task_new (NULL, NULL, callback, data);

  g_task_set_task_data (task, user, NULL);
  g_ptr_array_add (self->users, user);
  pak_caller_join (&user->caller, self->exchange);
  g_ptr_array_add (self->openings, task);
  if (self->opening != NULL)
    return;
  if (self->is_open)
    finish_opening (self, NULL);
  else
    open_transport (self);
}

gboolean
pak_port_open_finish (PakPort *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

gboolean
pak_port_is_open (PakPort *self)
{
  return self->is_open;
}

static void
take_leave (PakPort *self, const PakPortUser *user)
{
  guint16 address = user->caller.neighbour;
  PakNeighbour *neighbour = pak_exchange_find_neighbour (self->exchange, address);

  if (!self->is_open || neighbour == NULL)
    return;
  if (self->users->len == 1)
    pak_node_take_leave (self->link, address, PAK_BROADCAST);
  else if (neighbour->n_users == 1)
    pak_node_take_leave (self->link, address, address);
}

static void
end_opening_of (PakPort *self, const PakPortUser *user, const char *why)
{
  for (guint i = self->openings->len; i > 0; i--)
    {
      GTask *task = self->openings->pdata[i - 1];

      if (g_task_get_task_data (task) != user)
        continue;
      g_task_return_new_error (task, PAK_ERROR, PAK_ERROR_CLOSED, "%s", why);
      g_ptr_array_remove_index (self->openings, i - 1);
    }
}

void
pak_port_leave (PakPort *self, PakPortUser *user, const char *why)
{
  if (!g_ptr_array_find (self->users, user, NULL))
    return;
  take_leave (self, user);
  g_ptr_array_remove (self->users, user);
  end_opening_of (self, user, why);
  pak_caller_leave (&user->caller, why);
  if (self->users->len > 0)
    return;
  shut (self);
  op_transport_close (self->transport);
}

PakExchange *
pak_port_get_exchange (PakPort *self)
{
  return self->exchange;
}

PakLink *
pak_port_get_link (PakPort *self)
{
  return self->link;
}

OpTransport *
pak_port_get_transport (PakPort *self)
{
  return self->transport;
}
