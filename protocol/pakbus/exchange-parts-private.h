/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "protocol/pakbus/exchange-private.h"

G_BEGIN_DECLS

/* What the files of the exchange have of each other. */

PakNodeTimes *pak_exchange_get_times     (PakExchange *self, guint16 address);
/* What @n_bytes take by the line's speed; 0 where that is unknown. */
gint64        pak_exchange_get_line_time (PakExchange *self, gsize n_bytes);
/* How long the last try of @transaction waits. */
gint64        pak_exchange_get_timeout   (PakExchange *self, const PakTransaction *transaction);
/* Whether another try may follow the last one. */
gboolean      pak_exchange_may_try_again (PakExchange *self, const PakTransaction *transaction, gint64 now);
/* Makes @transaction nobody's; what completes it comes after. */
GTask        *pak_exchange_release       (PakExchange *self, PakTransaction *transaction);
/* Completes it with @error, which is taken. */
void          pak_exchange_fail          (PakExchange *self, PakTransaction *transaction, GError *error);
/* Sends @transaction, whose answer did not come, again before those that wait, once it is its turn. */
void          pak_exchange_put_back      (PakExchange *self, PakTransaction *transaction, gint64 now);
/* Lets the next ones do what they want, as long as the line is free. */
void          pak_exchange_give_turns    (PakExchange *self);

G_END_DECLS
