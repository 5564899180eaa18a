/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "peer.h"

#include "protocol/pakbus/pak-logger.h"

G_BEGIN_DECLS

/* What begins a message of BMP5. */
#define TO_LOGGER   "A0 01 5F EF 10 01 0F EF "
#define FROM_LOGGER "AF EF 00 01 1F EF 00 01 "

/*
 * Conversation: an open PakBus logger, address 1, security code 0x1234, and the scripted peer that plays it. Our
 * address is 4079 = FEF. Messages are hex from their type on.
 */
typedef struct
{
  Peer     *peer;
  OpLogger *logger;
} Conversation;

void conversation_set_up        (Conversation *c, gconstpointer data);
/* The two halves of it. */
void conversation_set_up_closed (Conversation *c, gconstpointer data);
void conversation_open          (Conversation *c);
/* Nothing may have come that was not expected. */
void conversation_tear_down     (Conversation *c, gconstpointer data);

/* Hex texts: of bytes, and of a text with its NUL. */
char *hex_of_bytes (const guint8 *bytes, gsize length);
char *hex_of_text  (const char *text);

/* A BMP5 message from us, or to us. */
void expect_message (Conversation *c, const char *format, ...) G_GNUC_PRINTF (2, 3);
void send_message   (Conversation *c, const char *format, ...) G_GNUC_PRINTF (2, 3);
/* What damages a link: afterwards it counts as noisy. */
void make_noise     (Conversation *c);

G_END_DECLS
