/** A host has no public address, and others are not to be reached. */
export class AddressRefused extends Error {
  override readonly name = 'AddressRefused';

  constructor(host: string) {
    super(
      `${host} has no public address, and requests to loopback, private, link-local and other special ` +
        'addresses are not allowed here',
    );
  }
}
