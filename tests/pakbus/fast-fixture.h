/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "peer.h"

#include "protocol/logger.h"

/*
 * Fast collection: several windows of records by number wait for their answers at a time. The logger's side is
 * scripted: requests and answers are bytes after the BMP5 manual, sections 2.2 and 2.3.4; our address is 4079 = FEF,
 * the logger's is 1. Record n of its table holds the lower half of n and was stored n minutes after the first.
 */

#define FROM_LOGGER "AF EF 00 01 1F EF 00 01 "

#define DEPTH     8
#define N_RECORDS 9800
/* As many records of 2 bytes as a packet holds: 1000 bytes less type, number, code, head, time stamp and end. */
#define PER_ANSWER 490

typedef struct
{
  Peer     *peer;
  OpLogger *logger;
  OpTable  *table;
  guint32   next;   /* record to come */
  gboolean  done;
  gboolean  succeeded;
  GError   *error;
} Fixture;

/* A Collect Data Command as it came. */
typedef struct
{
  guint8  number;
  guint8  mode;
  guint32 p1;
  guint32 p2;
} Request;

/* With time-outs of 150 and of 50 ms, and with one that is not to come within a test. */
void set_up         (Fixture *f, gconstpointer data);
void set_up_quick   (Fixture *f, gconstpointer data);
void set_up_patient (Fixture *f, gconstpointer data);
void tear_down      (Fixture *f, gconstpointer data);

Request take_request (Fixture *f);
void    send_records (Fixture *f, const Request *request, guint32 first, guint count);
/* Answers as a logger would that holds everything. */
void    answer       (Fixture *f, const Request *request);
/* Sends other bytes in answer. */
void    send_to      (Fixture *f, const Request *request, const char *hex);

/* An OpCollectFunc for a Fixture: records must come in order, each once. */
gboolean take_records (const OpChunk *chunk, gpointer data, GError **error);
void     collect      (Fixture *f, GCancellable *cancellable);
/* Answers the newest record, the first ones, and the window that shows how many an answer holds. */
void     let_learn    (Fixture *f);
/* Takes the requests that then wait for answers at a time. */
void     take_eight   (Fixture *f, Request *requests);
/* Answers everything until the collection ends. Returns: how many requests came at most before an answer. */
guint    answer_the_rest (Fixture *f);
