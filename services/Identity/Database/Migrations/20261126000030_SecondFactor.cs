using System;
using System.Collections.Generic;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Vigil.Identity.Database.Migrations
{
    /// <inheritdoc />
    public partial class SecondFactor : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<byte[]>(
                name: "Authenticator",
                schema: "identity",
                table: "Accounts",
                type: "bytea",
                nullable: true);

            migrationBuilder.AddColumn<long>(
                name: "AuthenticatorStep",
                schema: "identity",
                table: "Accounts",
                type: "bigint",
                nullable: false,
                defaultValue: 0L);

            migrationBuilder.AddColumn<List<string>>(
                name: "RecoveryCodes",
                schema: "identity",
                table: "Accounts",
                type: "text[]",
                nullable: false,
                defaultValueSql: "'{}'");

            migrationBuilder.CreateTable(
                name: "Tries",
                schema: "identity",
                columns: table => new
                {
                    Id = table.Column<byte[]>(type: "bytea", nullable: false),
                    Count = table.Column<int>(type: "integer", nullable: false),
                    Last = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    Until = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Tries", x => x.Id);
                });

            migrationBuilder.CreateIndex(
                name: "IX_Tries_Last",
                schema: "identity",
                table: "Tries",
                column: "Last");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "Tries",
                schema: "identity");

            migrationBuilder.DropColumn(
                name: "Authenticator",
                schema: "identity",
                table: "Accounts");

            migrationBuilder.DropColumn(
                name: "AuthenticatorStep",
                schema: "identity",
                table: "Accounts");

            migrationBuilder.DropColumn(
                name: "RecoveryCodes",
                schema: "identity",
                table: "Accounts");
        }
    }
}
